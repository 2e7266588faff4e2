import type { Row } from './model.ts'

const requirements = 'https://docs.k3s.io/installation/requirements#networking'

/**
 * What the agent says about the way to its server. The more telling a symptom, the earlier it stands: what the agent's own
 * load balancer makes of an error (EOF, reset) comes last, because it follows from any of the others.
 */
export const networkRows: readonly Row[] = [
  {
    id: 'k3s-proxy',
    code: 'proxy-in-the-way',
    strength: 'symptom',
    matches: [/(?<why>proxyconnect tcp: [^"]{1,200})/, /(?<why>Proxy Authentication Required)/],
    title: 'a proxy stands between this host and what it wants to reach',
    cause: 'the agent was told to use a proxy, and the proxy does not help: {why}',
    remedy:
      'see HTTP_PROXY, HTTPS_PROXY and NO_PROXY in /etc/systemd/system/{unit}.service.env and /etc/default/{unit}; put the server’s address, 10.42.0.0/16, 10.43.0.0/16 and 127.0.0.0/8 into NO_PROXY',
    link: 'https://docs.k3s.io/advanced#configuring-an-http-proxy',
    provenance: 'invented',
    seen: 'words of Go’s net/http; that NO_PROXY matters: k3s-io/k3s#8976, #152',
    recorded: [
      'level=error msg="failed to get CA certs: Get \\"https://192.0.2.7:6443/cacerts\\": proxyconnect tcp: dial tcp 192.0.2.99:3128: connect: connection refused"',
      'level=error msg="failed to get CA certs: Get \\"https://192.0.2.7:6443/cacerts\\": Proxy Authentication Required"',
    ],
  },
  {
    id: 'k3s-name-unknown',
    code: 'api-name-unknown',
    strength: 'symptom',
    matches: [
      /dial tcp: lookup (?<name>[^\s:"]{1,253})(?:[:"]\S{0,20})?(?: on \S{1,60})?:? .{0,200}(?:no such host|server misbehaving|i\/o timeout|Temporary failure in name resolution)/,
    ],
    title: 'the API server’s name {name} is unknown on this host',
    cause: 'the host’s resolver has no address for it',
    remedy: 'fix DNS on the host (resolvectl query {name}), or set server to an address',
    link: 'https://github.com/k3s-io/k3s/issues/5353',
    provenance: 'reported',
    seen: 'k3s-io/k3s#5353; words of Go’s resolver',
    recorded: [
      'level=warning msg="Dial error from load balancer: dial tcp: lookup api.example.com: no such host"',
      'dial tcp: lookup k3s.example on 127.0.0.53:53: server misbehaving',
    ],
  },
  {
    id: 'k3s-no-route',
    code: 'api-no-route',
    strength: 'symptom',
    matches: [/dial tcp \S{1,80}(?:->\S{1,60})?: connect: (?<why>no route to host|network is unreachable)/],
    title: 'this host has no way to the API server',
    cause: 'the kernel says: {why}',
    remedy: 'check the address in server, the default route and the VPN of this host: ip route get <address>',
    link: 'https://github.com/k3s-io/k3s/issues/2332',
    provenance: 'reported',
    seen: 'k3s-io/k3s#2332; words of the kernel',
    recorded: [
      'Get "https://157.173.210.123:6443/cacerts": dial tcp 157.173.210.123:6443: connect: no route to host',
      'dial tcp 157.173.210.123:6443: connect: network is unreachable',
    ],
  },
  {
    id: 'k3s-api-refused',
    code: 'api-refused',
    strength: 'symptom',
    matches: [
      /(?:failed to get CA certs|failed to retrieve configuration|Failed to validate connection)(?!.{0,400}proxyconnect).{0,400}connect: connection refused/,
    ],
    title: 'the API server’s port refuses connections from this host',
    cause: 'nothing listens on the server’s port at the address that the host used, or a firewall rejects it',
    remedy:
      'check that k3s runs on the server and that 6443/tcp is open for this host’s address, or set server to an address it can reach',
    link: requirements,
    provenance: 'reported',
    seen: 'k3s-io/k3s#6879',
    recorded: [
      'level=error msg="failed to get CA certs: Get \\"https://192.0.2.7:6443/cacerts\\": dial tcp 192.0.2.7:6443: connect: connection refused"',
    ],
  },
  {
    id: 'k3s-server-address-unreachable',
    code: 'server-address-unreachable',
    strength: 'symptom',
    // Tunnels and load balancer use the addresses that the servers list, not the one the host joined by.
    matches: [
      /Failed to connect to proxy\. Empty dialer response".{0,40}error="(?:dial tcp (?<address>\S{1,60}): )?.{0,200}?(?<why>connection refused|i\/o timeout|no route to host|context deadline exceeded)/,
    ],
    when: { nodeReady: false },
    title: 'it reaches its server by one address, and not by the one the server lists: {address}',
    cause:
      'the agent keeps a connection to every server at the address in its own list (node-ip or node-external-ip of the server); from here that one says: {why}',
    remedy:
      'open 6443/tcp to {address} from this host, or start the servers with node-external-ip (and advertise-address) set to an address that every node reaches',
    link: 'https://docs.k3s.io/networking/distributed-multicloud',
    provenance: 'reported',
    seen: 'k3s-io/k3s#9860, #1452',
    recorded: [
      'level=error msg="Failed to connect to proxy. Empty dialer response" error="dial tcp 10.0.2.15:6443: connect: connection refused"',
      'level=error msg="Failed to connect to proxy. Empty dialer response" error="dial tcp 10.0.2.15:6443: i/o timeout"',
    ],
  },
  {
    id: 'k3s-api-slow',
    code: 'api-slow',
    strength: 'symptom',
    matches: [/(?:CA certs?|\/cacerts|\/v1-k3s\/|:644[34]).{0,300}net\/http: TLS handshake timeout/],
    title: 'the API server takes the connection and then says nothing',
    cause: 'it is overloaded or just starting, or larger packets get lost on the way (a VPN with a too large MTU)',
    remedy:
      'look at the server’s load; compare ping -M do -s 1372 <server> with a small ping: where only the small one comes back, lower the MTU; then press the button again',
    link: requirements,
    provenance: 'invented',
    seen: 'words of Go’s net/http in the frame of k3s pkg/clientaccess',
    recorded: [
      'level=error msg="failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": net/http: TLS handshake timeout"',
    ],
  },
  {
    id: 'k3s-api-filtered',
    code: 'api-filtered',
    strength: 'symptom',
    matches: [
      /(?:CA cert validation failed|failed to get CA certs).{0,400}(?:context deadline exceeded|i\/o timeout|Client\.Timeout exceeded)/,
      /(?:\/v1-k3s\/|\/cacerts|:644[34])\S{0,200} .{0,300}(?:context deadline exceeded|i\/o timeout|Client\.Timeout exceeded)/,
      /dial tcp \S{1,80}:6443: i\/o timeout/,
    ],
    title: 'packets to the API server get lost',
    cause: 'a firewall between this host and the server drops 6443/tcp without an answer, or there is no route',
    remedy: 'allow 6443/tcp from this host’s public address to every server, or set server to an address it can reach',
    link: requirements,
    provenance: 'reported',
    seen: 'k3s-io/k3s#6194, #9980',
    recorded: [
      'level=error msg="CA cert validation failed: Get \\"https://127.0.0.1:6444/cacerts\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"',
    ],
  },
  {
    id: 'k3s-server-starting',
    code: 'server-starting',
    strength: 'symptom',
    matches: [
      /\/(?:v1-k3s\/\S{1,60}|cacerts): 503 Service Unavailable/,
      /(?:server is not ready|failed to get CA certs).{0,300}apiserver not ready/,
    ],
    title: 'the server answers, but is not ready itself',
    cause: 'it says 503: it is starting, or its own datastore or API server does not come up',
    remedy:
      'wait until kubectl get --raw /readyz says ok, then press the button again; otherwise on the server: journalctl -u k3s',
    link: 'https://github.com/k3s-io/k3s/issues/12009',
    provenance: 'reported',
    seen: 'k3s-io/k3s#12009, #2754',
    recorded: [
      'level=info msg="Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 503 Service Unavailable"',
      'level=error msg="failed to get CA certs: https://127.0.0.1:39935/cacerts: 503 Service Unavailable"',
    ],
  },
  {
    id: 'k3s-server-error',
    code: 'server-error',
    strength: 'symptom',
    matches: [/\/(?:v1-k3s\/\S{1,60}|cacerts): (?<status>50[024] [A-Z][A-Za-z ]{1,30})/],
    title: 'the server fails at the agent’s request: {status}',
    cause: 'why is in the server’s journal, not in the agent’s; its datastore is the usual one to ask',
    remedy: 'on the server: journalctl -u k3s, at the time of the lines below; then press the button again',
    link: 'https://github.com/k3s-io/k3s/issues/1867',
    provenance: 'reported',
    seen: 'k3s-io/k3s#1867',
    recorded: ['level=error msg="https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 500 Internal Server Error"'],
  },
  {
    id: 'k3s-api-closed',
    code: 'api-closed',
    strength: 'symptom',
    matches: [
      /failed to get CA certs: .{0,400}(?:EOF|connection reset by peer)/,
      /127\.0\.0\.1:6444\S{0,200} .{0,300}(?:\bEOF\b|connection reset by peer)/,
    ],
    title: 'no API server answers behind the agent’s own load balancer',
    cause: '127.0.0.1:6444 is the agent itself: it could open no connection to any server, and closes (EOF, reset)',
    remedy: 'check from the host that every server’s listed address answers on 6443/tcp, not only the one it joined by',
    link: requirements,
    provenance: 'reported',
    seen: 'k3s-io/k3s#3364, #5717, #9748, #1395',
    recorded: [
      'level=error msg="failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF"',
      'level=error msg="failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": read tcp 127.0.0.1:50312->127.0.0.1:6444: read: connection reset by peer"',
    ],
  },
]
