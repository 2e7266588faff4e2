# curl through the host's own network position: the request itself is made by the host.
exec "$NODE" "$CLIENT" "$SOCKET" curl "$@"
