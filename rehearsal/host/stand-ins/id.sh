CALLER=$(cat "$STATE/user")
USERS_ID=${REHEARSAL_UID:-1000}
NAME=$CALLER
[ "$USERS_ID" != 0 ] || NAME=root
WANTED=
BY_NAME=false
for word in "$@"; do
  case $word in
    -u | --user) WANTED=id ;;
    -g | --group) WANTED=id ;;
    -G | --groups) WANTED=id ;;
    -n | --name) BY_NAME=true ;;
    -un | -nu | -gn | -ng)
      WANTED=id
      BY_NAME=true
      ;;
    -*) ;;
    root)
      USERS_ID=0
      NAME=root
      ;;
    "$CALLER" | 1000)
      USERS_ID=1000
      NAME=$CALLER
      ;;
    *)
      echo "id: '$word': no such user" >&2
      exit 1
      ;;
  esac
done
if [ -z "$WANTED" ]; then
  echo "uid=$USERS_ID($NAME) gid=$USERS_ID($NAME) groups=$USERS_ID($NAME)"
elif $BY_NAME; then
  echo "$NAME"
else
  echo "$USERS_ID"
fi
