case ${1-} in
  --sb-state)
    VARIABLE=$ROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
    if [ ! -r "$VARIABLE" ]; then
      echo "EFI variables are not supported on this system" >&2
      exit 1
    fi
    case $(tail -c 1 "$VARIABLE" | od -An -tu1 | tr -d ' ') in
      1) echo 'SecureBoot enabled' ;;
      *) echo 'SecureBoot disabled' ;;
    esac
    ;;
  *) exit 1 ;;
esac
