# Answers queries by the names of the fields, from tables with one record a line: $STATE/gpu/{devices,processes}.csv,
# their first line holds the names. Recorded from nobody's machine: the values are those of the cluster's documents.
query() {
  awk -v want="$1" -v header="$HEADER" -v units="$UNITS" -F'|' '
    function unit(field) { return field ~ /memory/ ? "MiB" : field ~ /^(utilization|fan)/ ? "%" : field ~ /^power/ ? "W" : "" }
    NR == 1 {
      for (i = 1; i <= NF; i++) column[$i] = i
      count = split(want, fields, ",")
      for (i = 1; i <= count; i++) {
        gsub(/ /, "", fields[i])
        if (!(fields[i] in column)) {
          printf "Field \"%s\" is not a valid field to query.\n\n", fields[i]
          exit 2
        }
      }
      if (header == "true") {
        line = ""
        for (i = 1; i <= count; i++) {
          u = unit(fields[i])
          line = line (i > 1 ? ", " : "") fields[i] (u == "" ? "" : " [" u "]")
        }
        print line
      }
      next
    }
    {
      line = ""
      for (i = 1; i <= count; i++) {
        u = unit(fields[i])
        line = line (i > 1 ? ", " : "") $(column[fields[i]]) (units == "true" && u != "" ? " " u : "")
      }
      print line
    }' "$2"
}
HEADER=true
UNITS=true
FIELDS=
TABLE=
LIST=false
for word in "$@"; do
  case $word in
    --query-gpu=*)
      FIELDS=${word#*=}
      TABLE=devices
      ;;
    --query-compute-apps=*)
      FIELDS=${word#*=}
      TABLE=processes
      ;;
    --format=*)
      case ,${word#*=}, in *,noheader,*) HEADER=false ;; esac
      case ,${word#*=}, in *,nounits,*) UNITS=false ;; esac
      ;;
    -L | --list-gpus) LIST=true ;;
    --id=* | -i | 0) ;;
    *)
      echo "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help." 
      exit 2
      ;;
  esac
done
if [ -s "$STATE/gpu/problem" ]; then
  cat "$STATE/gpu/problem"
  exit "$(cat "$STATE/gpu/exit-code")"
fi
if $LIST; then
  HEADER=false
  query index,name,uuid "$STATE/gpu/devices.csv" | sed 's/^\([^,]*\), \(.*\), \([^,]*\)$/GPU \1: \2 (UUID: \3)/' |
    while IFS= read -r line; do
      printf '%s\n' "$line"
      number=${line%%:*}
      # The parts that MIG has made of it: GPU|profile|device|UUID.
      if [ -s "$STATE/gpu/mig.csv" ]; then
        awk -F'|' -v gpu="${number#GPU }" '$1 == gpu { printf "  MIG %-11s Device %2d: (UUID: %s)\n", $2, $3, $4 }' "$STATE/gpu/mig.csv"
      fi
    done
elif [ -n "$TABLE" ]; then
  query "$FIELDS" "$STATE/gpu/$TABLE.csv"
else
  cat "$STATE/gpu/overview"
fi
