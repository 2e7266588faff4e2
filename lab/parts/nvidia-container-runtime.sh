#!/bin/sh
# Stand-in of nvidia-container-runtime. As the real one, it hands the driver of the machine to a container whose environment
# asks for it (NVIDIA_VISIBLE_DEVICES, neither empty nor `void`), and lets runc do the rest. There is no GPU here: what it hands
# over are the stand-ins of the driver's library and of nvidia-smi, and device files behind which nothing answers. It writes one line for each call.
#
#   LAB_NVIDIA_RUNTIME_LOG  file for the lines. Default: /var/log/nvidia-container-runtime.log
#   LAB_RUNC                the real runtime. Default: runc on PATH
set -u
LOG=${LAB_NVIDIA_RUNTIME_LOG:-/var/log/nvidia-container-runtime.log}
MACHINE=/usr/lib/k3s-gpu-actions-lab-machine
{
  printf 'stand-in nvidia-container-runtime:'
  printf ' %s' "$@"
  printf '\n'
} >>"$LOG"

# What the container is made from: --bundle FOLDER, for `create` alone.
BUNDLE=
CREATES=false
EXPECTED=
for word in "$@"; do
  if [ "$EXPECTED" = bundle ]; then BUNDLE=$word; fi
  EXPECTED=
  case $word in
    create) CREATES=true ;;
    --bundle | -b) EXPECTED=bundle ;;
    --bundle=*) BUNDLE=${word#*=} ;;
  esac
done
if $CREATES && [ -f "$BUNDLE/config.json" ]; then
  DEVICES=$(jq -r '[.process.env[]? | select(startswith("NVIDIA_VISIBLE_DEVICES="))] | last // "" | ltrimstr("NVIDIA_VISIBLE_DEVICES=")' "$BUNDLE/config.json")
  case $DEVICES in
    '' | void) ;;
    *)
      LIBRARY=$(readlink -e /usr/lib/*-linux-gnu/libnvidia-ml.so.1 || :)
      if [ -z "$LIBRARY" ]; then
        # NVIDIA/libnvidia-container's words for a machine without the driver's libraries.
        echo "nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory" >&2
        exit 1
      fi
      TARGET=$(dirname "$LIBRARY")/libnvidia-ml.so.1
      jq --arg library "$LIBRARY" --arg target "$TARGET" --arg machine "$MACHINE" '
        def device($path; $minor): {path: $path, type: "c", major: 195, minor: $minor, fileMode: 438, uid: 0, gid: 0};
        def bound($from; $to): {destination: $to, type: "bind", source: $from, options: ["ro", "nosuid", "nodev", "rbind", "rprivate"]};
        .mounts += [bound($library; $target), bound("/usr/bin/nvidia-smi"; "/usr/bin/nvidia-smi"), bound($machine; $machine)]
        | .linux.devices += [device("/dev/nvidia0"; 0), device("/dev/nvidiactl"; 255)]
        | .linux.resources.devices += [{allow: true, type: "c", major: 195, access: "rwm"}]
      ' "$BUNDLE/config.json" >"$BUNDLE/config.json.new" && mv "$BUNDLE/config.json.new" "$BUNDLE/config.json" || exit 1
      ;;
  esac
fi
exec "${LAB_RUNC:-runc}" "$@"
