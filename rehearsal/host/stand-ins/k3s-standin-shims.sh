# What the killall script does to the containers of k3s that are left: an embedded host has no shims that could be killed.
"$NODE" "$CLIENT" "$SOCKET" shims
