case ${1-} in
  -V | --version) echo "iptables v1.8.7 (nf_tables)" ;;
  *)
    if [ "${REHEARSAL_UID-}" != 0 ]; then
      echo "iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)" >&2
      exit 4
    fi
    ;;
esac
