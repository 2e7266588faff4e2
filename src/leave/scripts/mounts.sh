# shellcheck shell=sh
# What is mounted under the folders that leaving empties, and whose it is; for the survey, for the wait after a drain, and
# for the last look before anything is stopped or deleted. Nothing is ever unmounted here.
# FOLDERS (words, without ROOT). The uninstallers unmount by force and delete through what is still mounted (k3s#8520,
# longhorn#8132: umount -f hangs; k3s#3264: rm -rf /var/lib/kubelet deleted the data of a volume), so nothing but what
# holds nothing of anybody's may be left. What cannot be read for certain is not known, and then nothing is deleted either.

# real_folders: lines "REAL\001FOLDER": where each of them really is, because the kernel tells mounts by that, while `rm -rf`
# and kubeadm follow a link above a folder (kubeadm also one in its place). A server of files that has gone may keep this
# waiting for ever: then nothing is known.
real_folders() {
  base=$(readlink -f "$ROOT/") || return 1
  for folder in $FOLDERS; do
    code=0
    real=$(timeout 10 readlink -f "$ROOT$folder" 2>/dev/null) || code=$?
    case $code in 124 | 137 | 143) return 1 ;; esac
    real=${real#"${base%/}"}
    printf '%s\001%s\n' "${real:-$folder}" "$folder"
  done
}

# read_mounts: sets $mounts to lines "KIND TYPE PATH SOURCE" with \001 between; fails when they are not known. own: of the
# pods' own machinery. volume: of a pod or driver. foreign: of nobody that the cluster knows. A folder that is itself a mount
# of a disk is where its owner keeps it: it is emptied, and stays mounted; a share of the network may be kept by others as
# well. The first process sees what the machine has mounted, whatever sudo or systemd hide from this one.
read_mounts() {
  mounts='' FOLDER_PAIRS=$(real_folders) || return 1
  table=$ROOT/proc/1/mountinfo
  [ -r "$table" ] || table=$ROOT/proc/mounts
  [ -r "$table" ] || return 1
  mounts=$(FOLDER_PAIRS="$FOLDER_PAIRS" awk -v isInfo="${table##*/}" '
    # Blanks and the like stand as \040 (proc(5)).
    function plain(text) { gsub(/\\040/, " ", text); gsub(/\\011/, "\t", text); gsub(/\\134/, "\\", text); return text }
    function below(path, folder) { return index(path, folder "/") == 1 }
    function kindOf(type, path, within) {
      ofRuntime = path ~ /^\/run\/k3s\// || path ~ /^\/var\/lib\/rancher\/k3s\/agent\//
      ofPods = ofRuntime || path ~ /^\/var\/lib\/kubelet\/(pods|plugins)\//
      # Without contents that could be lost.
      if (type ~ /^(nsfs|proc|sysfs|mqueue|devpts|cgroup2?)$/) return "own"
      # An overlay elsewhere may be a window on a disk: what is deleted in it is deleted there.
      if (ofRuntime && type == "overlay") return "own"
      if (ofPods && type == "tmpfs") return "own"
      # What the kubelet itself laid below its own folder, on whichever disk that is.
      if (ofPods && type !~ shared && within ~ /^((\/var)?\/lib)?(\/kubelet)?\/pods\/[^\/]*\/volumes\//) return "own"
      if (path ~ /^\/var\/lib\/kubelet\/pods\/[^\/]*\/(volumes|volume-subpaths|volumeDevices)\// || path ~ /^\/var\/lib\/kubelet\/plugins\//) return "volume"
      return "foreign"
    }
    BEGIN {
      shared = "^(nfs4?|cifs|smb3|smbfs|fuse|fuse\\..*|9p|virtiofs|ceph|glusterfs|lustre|gfs2|ocfs2|afs|beegfs|davfs)$"
      count = split(ENVIRON["FOLDER_PAIRS"], pair, "\n")
      for (at = 1; at <= count; at++) { split(pair[at], half, "\001"); real[at] = half[1]; folder[at] = half[2] }
    }
    {
      # No name may pass for a column.
      gsub(/\001/, "?")
      if (isInfo == "mountinfo") {
        end = 7
        while (end < NF && $end != "-") end++
        path = plain($5); within = plain($4); type = plain($(end + 1)); source = plain($(end + 2))
      } else { path = plain($2); within = ""; type = plain($3); source = plain($1) }
      kind = ""
      for (at = 1; at <= count && kind == ""; at++) {
        # The folder of a link, and the one that the link stands for.
        if (below(path, real[at])) kind = kindOf(type, folder[at] substr(path, length(real[at]) + 1), within)
        else if (below(path, folder[at])) kind = kindOf(type, path, within)
        else if ((path == real[at] || path == folder[at]) && type ~ shared) kind = "foreign"
        # The uninstaller of k3s unmounts and deletes all that begins so (k3s-io/k3s install.sh, do_unmount_and_remove).
        else if (folder[at] == "/run/k3s" && index(path, "/run/k3s") == 1 && path != "/run/k3s") kind = "foreign"
      }
      if (kind != "") printf "%s\001%s\001%s\001%s\n", kind, type, path, source
    }
    # What was cut off on its way here lacks its end; and no machine has nothing mounted.
    END { if (NR > 0) print "end" }' "$table") || return 1
  case $mounts in
    end) mounts='' ;;
    *'
end') mounts=${mounts%end} ;;
    *) return 1 ;;
  esac
}

list_mounts() { printf '%s' "$mounts"; }

# emit_mounts: one line each, at most 200, those of others first; then that they are known.
emit_mounts() {
  read_mounts || return 0
  { list_mounts | grep -v '^own' || :
    list_mounts | grep '^own' || :
  } | head -n 200 | while IFS="$(printf '\001')" read -r kind type path source; do
    emit fact leave.mount kind "$kind" type "$type" path "$path" source "$source"
  done
  emit fact leave.mounts known:n true
}

# others_mounts: what is not of the pods' own machinery, for a message; nothing when there is none.
others_mounts() { list_mounts | awk -F '\001' '$1 != "own" { print $3 " (" $2 ", " $4 ")" }'; }

# is_clear: whether nothing of somebody's is mounted, for certain.
is_clear() { read_mounts && ! list_mounts | grep -qv '^own'; }

# check_mounts: ends the script when something of somebody's is still mounted.
check_mounts() {
  read_mounts || die mounts-unknown 'what is mounted on this host cannot be read, so nothing is deleted'
  if is_clear; then return 0; fi
  left=$(others_mounts)
  printf '%s\n' "$left" | head -n 20 | while IFS= read -r line; do emit evidence "$line"; done
  first=${left%%"
"*}
  die foreign-mounts "$first is mounted under a folder that leaving empties"
}
