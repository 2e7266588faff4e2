# shellcheck shell=sh
# Part of gpu-runtime's survey: what nvidia-smi says. It is asked at most four times, and once when it does not answer:
# the GPUs, the processes on them (survey-containers.sh), the table for its CUDA version, and where MIG is on, the list.

gpu_fields=index,uuid,name,driver_version,pci.bus_id,memory.total,memory.used,utilization.gpu,temperature.gpu,mig.mode.current,compute_cap,persistence_mode
# For drivers before R510, which refuse the whole query for a field that they do not know: as many others in their place.
gpu_old_fields=index,uuid,name,driver_version,pci.bus_id,memory.total,memory.used,utilization.gpu,temperature.gpu,pstate,fan.speed,persistence_mode

# gpu_query: instead of the one in survey-containers.sh. Tells all of the answer, and leaves it the three columns it needs.
gpu_query() {
  said=$(asked 10 nvidia-smi "--query-gpu=$gpu_fields" --format=csv,noheader,nounits) && code=0 || code=$?
  case $code$said in
    2*'not a valid field'*) said=$(asked 10 nvidia-smi "--query-gpu=$gpu_old_fields" --format=csv,noheader,nounits) && code=0 || code=$? ;;
  esac
  cuda='' list='' devices=''
  while IFS= read -r line; do
    case $line in
      # Index, UUID, the name, which may hold commas, then driver, bus, memory and six more.
      [0-9]*', GPU-'*', '*', '*', '*', '*', '*', '*', '*', '*', '*', '*)
        case $line in *', Enabled, '*', '*) list=wanted ;; esac
        line=${line%, *, *, *, *, *, *}
        memory=${line##*, } line=${line%, *, *}
        line=${line#*, }
        line="${line#*, }, $memory"
        ;;
    esac
    devices="$devices${devices:+
}$line"
  done <<END
$said
END
  case $code in
    0 | 14)
      case $devices in
        *', '*)
          cuda=$(asked 10 nvidia-smi) || :
          # "CUDA Version: 12.9", and from driver 610 on "CUDA UMD Version: 13.3".
          case $cuda in
            *CUDA*Version:\ [0-9]*) cuda=${cuda#*CUDA*Version: } cuda=${cuda%%[!0-9.]*} ;;
            *) cuda='' ;;
          esac
          if [ "$list" = wanted ]; then list=$(asked 10 nvidia-smi -L) || :; fi
          ;;
      esac
      ;;
  esac
  emit fact gpu.smi code:n "$code" said "$said" cuda "$cuda" list "$list"
}
