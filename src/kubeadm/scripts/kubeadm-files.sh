# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that are appended
# shellcheck disable=SC2154 # assigned by change-log.sh, which comes after it
# What kubeadm's changes of a host are about. change-log.sh comes after it.
# Lines of its own in the change log: absent PATH and cni PATH: how it was before the first change. keeps NAME: something in the
# kubelet's folder that no kubelet wrote, or another one. joining HOST:PORT: from here on what kubeadm writes is this run's, until `finished`.

runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=kubelet.service
unit_path=/etc/systemd/system/kubelet.service
link_path=/etc/systemd/system/multi-user.target.wants/kubelet.service
kubelet_folder=/var/lib/kubelet
cni_folder=/etc/cni/net.d

# What makes a machine a member of a cluster, or a half one; kubeadm's preflight asks for the same files.
join_files='/etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt'
# What kubeadm and the kubelet write besides, as far as it tells a kubelet where it belongs.
kubelet_files="$kubelet_folder/config.yaml $kubelet_folder/kubeadm-flags.env $kubelet_folder/pki"
# Folders that a join makes and a reset only empties, the inner ones first.
join_folders="/etc/kubernetes/pki /etc/kubernetes/manifests /etc/kubernetes $kubelet_folder $cni_folder /etc/cni"

# Everything that a kubelet writes into its own folder (kubernetes pkg/kubelet/config/defaults.go, pkg/kubelet/cm/devicemanager).
kubelet_names=' config.yaml kubeadm-flags.env instance-config.yaml pki pods plugins plugins_registry plugin-containers pod-resources
 device-plugins cpu_manager_state memory_manager_state checkpoints allocated_pods_state actuated_pods_state dra_manager_state
 volumeplugins seccomp usernamespaces volumes image_manager graceful_node_shutdown_state '

note_before() {
  for path in $join_folders; do is_there "$path" || note "absent $path"; done
  for file in "$ROOT$cni_folder"/*; do
    if [ -e "$file" ] || [ -L "$file" ]; then note "cni ${file#"$ROOT"}"; fi
  done
  for file in "$ROOT$kubelet_folder"/* "$ROOT$kubelet_folder"/.[!.]*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    name=${file##*/}
    # Pods and certificates of before are another kubelet's, whoever brought it.
    case $name in pods | pki) if [ -n "$(ls -A "$file" 2>/dev/null)" ]; then note "keeps $name"; fi ;; esac
    # A name with a blank in it would be two words of the list, and is nobody's who writes such names.
    case $name in *' '*) note "keeps $name" ;; *)
      case $kubelet_names in *" $name "*) ;; *) note "keeps $name" ;; esac
      ;;
    esac
  done
}

# mounted_below FOLDER: what is mounted at it or below it, as `TYPE PLACE`, one a line. The kernel lists places without links on their way,
# so the folder is looked for under both names.
mounted_below() {
  behind=$(readlink -f "$ROOT$1" 2>/dev/null) || behind=''
  case $behind in "$ROOT"/*) behind=${behind#"$ROOT"} ;; *) behind=$1 ;; esac
  { cat "$ROOT/proc/mounts" 2>/dev/null || printf '? %s unreadable\n' "$1/"; } |
    awk -v one="$1" -v other="$behind" '
      function isBelow(place, folder) { return place == folder || index(place, folder "/") == 1 }
      isBelow($2, one) || isBelow($2, other) { print $3, $2 }'
}

# keep_settings: kubeadm writes over these.
keep_settings() {
  for path in "$kubelet_folder/config.yaml" "$kubelet_folder/kubeadm-flags.env"; do
    if is_there "$path"; then preserve "$path"; fi
  done
}

# foreign_mounts: mount points below the kubelet's folder that are not its own memory disks, one a line. `kubeadm reset` unmounts
# whatever is there, also where the folder is a link, and then deletes what the folder holds (kubernetes
# cmd/kubeadm/app/cmd/phases/reset/cleanupnode.go); where the unmounting fails, that is what was mounted.
foreign_mounts() {
  behind=$(readlink -f "$ROOT$kubelet_folder" 2>/dev/null) || behind=''
  mounted_below "$kubelet_folder" | while read -r type place; do
    case $type in tmpfs) continue ;; esac
    # The folder itself may be a file system of its own: that is not unmounted.
    if [ "$place" != "$kubelet_folder" ] && [ "$ROOT$place" != "$behind" ]; then printf '%s\n' "$place"; fi
  done
}

# others_files: what `kubeadm reset` deletes although no join of a worker writes it (its own words: fixtures/kubeadm/40-reset.out).
others_files() {
  for file in "$ROOT/etc/kubernetes/manifests"/* "$ROOT/etc/kubernetes/manifests"/.[!.]* "$ROOT/etc/kubernetes/pki"/* \
    "$ROOT/etc/kubernetes/pki"/.[!.]* "$ROOT/etc/kubernetes/admin.conf" "$ROOT/etc/kubernetes/super-admin.conf" \
    "$ROOT/etc/kubernetes/controller-manager.conf" "$ROOT/etc/kubernetes/scheduler.conf"; do
    path=${file#"$ROOT"}
    if [ "$path" != /etc/kubernetes/pki/ca.crt ] && is_there "$path"; then printf '%s\n' "$path"; fi
  done
}
