#!/bin/sh
# What the container of a GPU Job runs: says which GPUs it was given (nvidia-smi), then has them compute (compute.py, or NVIDIA's own
# sample where the image is that). Prints at most two lines of its own, see ../model.ts. Exits with 0 whatever it finds: the lines say
# it, and another exit code means that not even that was possible.
#
# Given: PROOF_MARK, PROOF_SEED, PROOF_PY and PROOF_PTX (the texts of compute.py and kernel.ptx), PROOF_STEPS (device, or all).
# Any image with a shell, coreutils and glibc will do: nvidia-smi and libcuda.so.1 are the host's own, brought along by the NVIDIA
# runtime. Two dollar signs in a row must not be in here, nor a dollar sign before the name of a variable in round brackets: Kubernetes
# replaces both in a command.
set -eu
LC_ALL=C
export LC_ALL

# Nothing that could end a string of JSON, whatever was printed.
plain() { tr '\n\t' '  ' | tr -cd 'A-Za-z0-9 ._:,;/()+[]=#*%-' | head -c "${1:-120}"; }
digits() { case $1 in '' | *[!0-9]*) printf null ;; *) printf '%.9s' "$1" ;; esac; }
# A card that hangs must not keep the Job until its deadline.
asked() { if command -v timeout >/dev/null 2>&1; then timeout 30 "$@"; else "$@"; fi; }

free='' gpus='' uuids='' cuda='' said=''
code=0
if command -v nvidia-smi >/dev/null 2>&1; then
  list=$(asked nvidia-smi --query-gpu=uuid,driver_version,memory.total,memory.used,name --format=csv,noheader,nounits 2>&1) || code=$?
else
  list='nvidia-smi is not in the container' code=127
fi
while IFS= read -r line; do
  # The name comes last, because it may hold commas.
  case $line in
    GPU-*', '*', '*', '*', '?*) ;;
    *) continue ;;
  esac
  uuid=${line%%, *} line=${line#*, }
  driver=${line%%, *} line=${line#*, }
  total=${line%%, *} line=${line#*, }
  used=${line%%, *} name=${line#*, }
  total=$(digits "$total") used=$(digits "$used")
  case $total$used in
    *null*) ;;
    *) left=$((total - used)) && if [ -z "$free" ] || [ "$left" -lt "$free" ]; then free=$left; fi ;;
  esac
  uuid=$(printf %s "$uuid" | tr -cd 'A-Za-z0-9-' | head -c 80)
  uuids="$uuids${uuids:+ }$uuid"
  gpus="$gpus${gpus:+,}{\"uuid\":\"$uuid\",\"name\":\"$(printf %s "$name" | plain)\",\"driver\":\"$(printf %s "$driver" | plain 40)\",\"total\":$total,\"used\":$used}"
done <<END
$list
END
if [ -n "$gpus" ]; then
  # "CUDA Version: 12.9", and from driver 610 on "CUDA UMD Version: 13.3".
  table=$(asked nvidia-smi 2>/dev/null) || :
  case $table in
    *CUDA*Version:\ [0-9]*) cuda=${table#*CUDA*Version: } && cuda=${cuda%%[!0-9.]*} ;;
  esac
else
  said=$(printf %s "$list" | plain 300)
fi
printf '%s {"fact":"device","seed":"%s","exit":%s,"said":"%s","cuda":"%s","gpus":[%s]}\n' \
  "$PROOF_MARK" "$PROOF_SEED" "$code" "$said" "$(printf %s "$cuda" | plain 20)" "$gpus"
[ "$PROOF_STEPS" = all ] || exit 0

# Without a GPU there is nothing to compute with, but the driver's own words about it are worth having.
python=''
for one in python3 python /usr/libexec/platform-python /opt/conda/bin/python3; do
  if command -v "$one" >/dev/null 2>&1; then python=$one && break; fi
done
# Libraries for forward compatibility, which some images put first, are refused by GeForce cards and by newer drivers.
case ${LD_LIBRARY_PATH:-} in
  *compat*) unset LD_LIBRARY_PATH ;;
esac
compute_line() {
  printf '%s {"fact":"compute","seed":"%s","by":"%s","code":"%s","said":"%s","cuda":0,"gpus":[%s]}\n' \
    "$PROOF_MARK" "$PROOF_SEED" "$1" "$2" "$(printf %s "$3" | plain 300)" "${4:-}"
}
if [ -n "$python" ]; then
  code=0
  PROOF_FREE=$free CUDA_CACHE_DISABLE=1 PYTHONDONTWRITEBYTECODE=1 \
    "$python" -c "$PROOF_PY" 2>&1 || code=$?
  case $code in
    0) ;;
    # SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV: it came as far as the driver's library, and died there. An ended Python did not.
    132 | 134 | 135 | 136 | 139) compute_line none crashed "$python was ended by signal $((code - 128))" ;;
    *) compute_line none no-python "$python ended with exit code $code" ;;
  esac
  exit 0
fi
# NVIDIA/k8s-samples, deployments/container/Dockerfile: every sample image has its program under this name.
sample=/cuda-samples/sample
if [ ! -x "$sample" ]; then
  compute_line none no-python 'neither Python nor a CUDA sample is in this image'
elif [ -n "$free" ] && [ "$free" -lt 1024 ]; then
  compute_line sample no-memory "$free MiB are free"
else
  # It computes on one GPU: where there are several, each is its only one in turn.
  passed='' failed=''
  for uuid in ${uuids:=unknown}; do
    [ "$uuid" = "$uuids" ] || export CUDA_VISIBLE_DEVICES="$uuid"
    code=0
    said=$("$sample" 2>&1) || code=$?
    case $code$said in
      0*'Test PASSED'*) passed="$passed${passed:+,}{\"uuid\":\"$uuid\"}" ;;
      *) failed="exit code $code: $said" && break ;;
    esac
  done
  if [ -n "$failed" ]; then
    compute_line sample sample-failed "$failed" "$passed"
  else
    compute_line sample '' 'Test PASSED' "$passed"
  fi
fi
