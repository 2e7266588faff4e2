/** What `crictl info` prints of a containerd 2.0 (kubernetes-sigs/cri-tools:cmd/crictl/info.go), as far as anybody reads it. Pure. */
export function crictlInfo(containerd: {
  readonly handlers: ReadonlySet<string>
  readonly defaultHandler: string
}): string {
  const runtimes = [...containerd.handlers].sort().map((name) => [name, { runtimeType: 'io.containerd.runc.v2' }])
  const features = { recursive_read_only_mounts: true, user_namespaces: true }
  const info = {
    cniconfig: { PluginConfDir: '/var/lib/rancher/k3s/agent/etc/cni/net.d' },
    config: {
      containerd: {
        defaultRuntimeName: containerd.defaultHandler,
        runtimes: Object.fromEntries(runtimes),
      },
      stateDir: '/run/k3s/containerd/io.containerd.grpc.v1.cri',
    },
    golang: 'go1.24.5',
    lastCNILoadStatus: 'OK',
    runtimeHandlers: ['', ...containerd.handlers].sort().map((name) => ({ features, ...(name !== '' && { name }) })),
    status: {
      conditions: [
        { message: '', reason: '', status: true, type: 'RuntimeReady' },
        { message: '', reason: '', status: true, type: 'NetworkReady' },
      ],
    },
  }
  return `${JSON.stringify(info, undefined, 2)}\n`
}
