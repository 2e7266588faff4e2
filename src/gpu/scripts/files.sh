# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that are appended
# What gpu-runtime's changes of a host are about. change-log.sh comes after it.
# UNIT (k3s | k3s-agent | containerd): the unit that runs the node's containers.
# Lines of its own in the change log, besides those of packages.sh, before what they tell of is done:
#   held MANAGER NAME              upgrades could touch it
#   was_held MANAGER NAME          upgrades were kept from it before its version was changed

case ${UNIT:-} in k3s | k3s-agent | containerd) ;; *) die bad-unit "there is no unit ${UNIT:-} that runs the containers of a node" ;; esac
runs_folder=$ROOT/var/lib/k3s-gpu-actions/gpu-runs
unit=$UNIT.service
unit_path=/etc/systemd/system/$unit

# As NVIDIA's own installation guide names them, so that whoever follows it later meets the same files.
apt_keyring=/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg
apt_list=/etc/apt/sources.list.d/nvidia-container-toolkit.list
rpm_keyring=/etc/pki/rpm-gpg/RPM-GPG-KEY-nvidia-container-toolkit
dnf_list=/etc/yum.repos.d/nvidia-container-toolkit.repo
zypper_list=/etc/zypp/repos.d/nvidia-container-toolkit.repo

toolkit_packages='nvidia-container-toolkit nvidia-container-toolkit-base libnvidia-container-tools libnvidia-container1'
rule_path=/etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules
default_runtime_path=/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml
containerd_config=/etc/containerd/config.toml
runtime_drop_in=/etc/containerd/conf.d/99-nvidia.toml
containerd_folder=/var/lib/rancher/k3s/agent/etc/containerd

note_before() { :; }
