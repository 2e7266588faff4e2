import type { Row } from './model.ts'

/** What shows, when the connection to the server is there, that it is not the server that was meant: certificates, clock, what answers. */
export const serverIdentityRows: readonly Row[] = [
  {
    id: 'k3s-certificate-name',
    code: 'server-name-not-in-certificate',
    strength: 'cause',
    matches: [/x509: certificate is valid for (?<names>[^"]{1,600}?), not (?<wanted>[^\s"]{1,253})/],
    title: 'the server’s certificate does not name {wanted}',
    cause: 'it is valid for {names}',
    remedy: 'add tls-san: {wanted} to the server’s config.yaml and restart it, or set server to one of those names',
    link: 'https://docs.k3s.io/cli/server',
    provenance: 'reported',
    seen: 'words of Go’s crypto/x509; k3s-io/k3s#5856',
    recorded: [
      'tls: failed to verify certificate: x509: certificate is valid for 10.43.0.1, 127.0.0.1, not 157.173.210.123',
    ],
  },
  {
    id: 'k3s-certificate-foreign',
    code: 'server-certificate-foreign',
    strength: 'cause',
    matches: [/x509: cannot validate certificate for (?<address>\S{1,60}) because it doesn't contain any IP SANs/],
    title: 'something else than k3s answers where the server should be',
    cause:
      'the certificate that was shown has no address in it at all: a proxy, an ingress or another program listens there, not the API server',
    remedy: 'look who answers: openssl s_client -connect <server>:6443; set server to the API server itself, port 6443',
    link: 'https://github.com/k3s-io/k3s/issues/12455',
    provenance: 'reported',
    seen: 'k3s-io/k3s#12455',
    recorded: [
      'level=error msg="failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn\'t contain any IP SANs"',
    ],
  },
  {
    id: 'clock-wrong',
    code: 'clock-wrong',
    strength: 'cause',
    matches: [
      /x509: certificate has expired or is not yet valid: current time (?<now>\S+) is (?<order>before|after) (?<limit>[^\s"]+)/,
      /x509: certificate has expired or is not yet valid/,
    ],
    title: 'a certificate is expired or not yet valid, seen from this host’s clock',
    cause: 'either the host’s clock is wrong, or the server’s certificates really are expired',
    remedy:
      'compare date -u on host and server; wrong: sudo timedatectl set-ntp true; right: restart k3s on the server, which renews its certificates',
    link: 'https://docs.k3s.io/cli/certificate',
    provenance: 'reported',
    seen: 'k3s-io/k3s#5163; words of Go’s crypto/x509',
    recorded: [
      'x509: certificate has expired or is not yet valid: current time 2022-07-22T18:55:59+12:00 is before 2022-07-22T07:45:55Z',
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: ',
    ],
  },
  {
    id: 'ca-unknown',
    code: 'ca-unknown',
    strength: 'cause',
    // Image registries and admission webhooks have certificates too.
    matches: [
      /(?:CA cert validation failed|failed to get CA certs|\/cacerts|\/v1-k3s\/|:644[34])[^ ]{0,80} .{0,300}x509: certificate signed by unknown authority/,
    ],
    title: 'the server’s certificate is signed by a CA that this host does not expect',
    cause: 'leftovers of another cluster on the host, or another server on that address',
    remedy:
      'compare the CA of the host with the one the server serves; on a host that once belonged to another cluster, remove its agent data first',
    link: 'https://github.com/k3s-io/k3s/issues/5856',
    provenance: 'reported',
    seen: 'k3s-io/k3s#5856',
    recorded: [
      'level=error msg="CA cert validation failed: Get \\"https://127.0.0.1:6444/cacerts\\": x509: certificate signed by unknown authority"',
    ],
  },
  {
    id: 'k3s-server-not-https',
    code: 'server-not-https',
    strength: 'cause',
    matches: [
      /(?:CA certs?|\/cacerts|\/v1-k3s\/|:644[34]).{0,300}(?<why>server gave HTTP response to HTTPS client|tls: first record does not look like a TLS handshake)/,
    ],
    title: 'the server’s port answers, but does not speak TLS',
    cause: 'Go says: {why}; the port belongs to something else, or a proxy in front of it ends TLS',
    remedy:
      'set server to the API server itself, normally https://<address>:6443; curl -vk https://<address>:6443/ping',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'invented',
    seen: 'words of Go’s net/http and crypto/tls in the frame of k3s pkg/clientaccess',
    recorded: [
      'level=error msg="failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": http: server gave HTTP response to HTTPS client"',
      'level=error msg="failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": tls: first record does not look like a TLS handshake"',
    ],
  },
  {
    id: 'k3s-not-a-server',
    code: 'not-a-k3s-server',
    strength: 'cause',
    matches: [/\/cacerts: (?<status>401 Unauthorized|403 Forbidden|404 Not Found)/],
    title: 'what answers on the server’s address is no k3s server',
    cause:
      'every k3s server gives its CA to anybody; this one says {status}: another Kubernetes, or something before it',
    remedy: 'curl -vk https://<address>:6443/cacerts must print a certificate; set server to where it does',
    link: 'https://github.com/k3s-io/k3s/issues/8381',
    provenance: 'reported',
    seen: 'k3s-io/k3s#8381, #3119',
    recorded: ['level=error msg="failed to get CA certs: https://127.0.0.1:6444/cacerts: 401 Unauthorized"'],
  },
]
