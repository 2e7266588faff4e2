/** What a stage that failed means for a person: finding, cause, remedy. Pure. */
import type { ServerProbe } from './model.ts'

export interface Words {
  readonly found: string
  readonly cause: string
  readonly remedy: string
}

/** How the server is reached, as far as it changes what there is to do. */
export interface Way {
  readonly isTunnel: boolean
  readonly connect: 'direct' | 'tunnel' | 'auto'
}

/** `host:port` and its parts, from a URL that has been judged. */
export function authorityOf(server: string): { host: string; port: string; authority: string } {
  const url = URL.canParse(server) ? new URL(server) : undefined
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? server
  const port = url?.port === '' ? '443' : (url?.port ?? '')
  return { host, port, authority: `${host.includes(':') ? `[${host}]` : host}:${port}` }
}

const isLoopback = (host: string): boolean => /^(127\.|::1$|localhost$)/i.test(host)

const overSsh = 'reach it over SSH: `connect: tunnel` with `tunnel-host`'

export function dnsWords(probe: ServerProbe): Words {
  const { host } = authorityOf(probe.server)
  const instead =
    'or give the address itself as `server`, with `tls-server-name` where the certificate does not name it'
  switch (probe.dns.reason) {
    case 'name-unknown':
      return {
        found: `${host} is not known here`,
        cause:
          'the name servers that this runner asks have no such name: it is misspelt, was removed, or only another network knows it',
        remedy: `compare the name with the kubeconfig's server, use a runner in the network that knows it, ${instead}`,
      }
    case 'name-without-address':
      return {
        found: `${host} has no address`,
        cause: 'the name exists, but without an A or AAAA record',
        remedy: `add a record to the zone, ${instead}`,
      }
    case 'resolver-silent':
    case 'timeout':
      return {
        found: `no answer about ${host}`,
        cause: 'the name servers of this runner did not answer: they are down, or cannot be reached from here',
        remedy: `check the resolver of the runner (/etc/resolv.conf) and run it again, ${instead}`,
      }
    default:
      return {
        found: `${host} could not be resolved`,
        cause: 'the resolver of this runner answered with an error of its own',
        remedy: `see the evidence; check the resolver of the runner (/etc/resolv.conf), ${instead}`,
      }
  }
}

const tcpCauses: Readonly<Record<string, readonly [found: string, cause: string]>> = {
  refused: ['refuses connections', 'nothing listens on that port, or a firewall rejects this runner'],
  timeout: [
    'does not answer',
    'packets get no answer: a firewall drops them, the address is wrong, or the machine is off',
  ],
  'no-route': ['cannot be reached from here', 'this runner has no route to that address'],
  reset: ['cuts the connection', 'a firewall or proxy in between does that, or the server is restarting'],
  'not-permitted': ['may not be reached from here', 'a rule on this runner forbids connections to that address'],
  failed: ['cannot be reached', 'the connection failed before it was made'],
}

export function tcpWords(probe: ServerProbe, { isTunnel, connect }: Way): Words {
  const { host, port, authority } = authorityOf(probe.server)
  const [state, cause] = tcpCauses[probe.tcp.reason] ?? tcpCauses.failed!
  const found = `${authority} ${state}`
  if (isTunnel) {
    return {
      found,
      cause: `${authority} is the beginning of the tunnel on this runner, and nothing carries it on: the tunnel has ended`,
      remedy: 'see the check tunnel.ready, and what ssh said in its evidence',
    }
  }
  if (isLoopback(host)) {
    return {
      found,
      cause: `the kubeconfig says ${host}, as the file does that a k3s server writes for itself; no API server runs on this runner`,
      remedy: `${overSsh}; or give \`server\` with an address of the API server that this runner can reach`,
    }
  }
  const check = `check that the API server runs, and that ${port}/tcp is open for this runner`
  return { found, cause, remedy: connect === 'direct' ? `${check}; or ${overSsh}` : check }
}

/** Names that every k3s and kubeadm server has in its certificate, the most telling first. */
const usualNames = ['kubernetes.default.svc', 'kubernetes.default', 'kubernetes']

/**
 * A name to give as `tls-server-name`. A DNS name, because Node ignores an address there in a future version (DEP0123);
 * never one with a wildcard, which is no name. Undefined: the certificate has none.
 */
export function suggestedName(certificateNames: readonly string[]): string | undefined {
  const isName = (name: string) =>
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(name)
  const names = certificateNames.filter((name) => isName(name) && !/^[\d.]+$/.test(name))
  return (
    usualNames.find((name) => names.includes(name)) ??
    names.find((name) => name.includes('.')) ??
    names.find((name) => name !== 'localhost') ??
    names[0]
  )
}

export function tlsWords(probe: ServerProbe): Words {
  const { host, authority } = authorityOf(probe.server)
  const address = 'check host and port of the server'
  switch (probe.tls.reason) {
    case 'certificate-name': {
      const name = suggestedName(probe.certificateNames)
      const lasting = `add ${host} to tls-san in /etc/rancher/k3s/config.yaml of the server and restart it`
      return {
        found: `the certificate of ${authority} is not issued for the name that was expected`,
        cause:
          'it is signed by the right authority, but lists other names; a server behind a tunnel or a new address shows this',
        remedy: name === undefined ? lasting : `set tls-server-name: ${name} (the certificate names it); or ${lasting}`,
      }
    }
    case 'certificate-expired':
      return {
        found: `the certificate of ${authority} has expired`,
        cause:
          'a k3s server renews its certificates only when it starts, and this one has run past their end; or the clock of the runner is ahead',
        remedy: 'restart the k3s server (systemctl restart k3s), and compare the clocks',
      }
    case 'certificate-not-yet-valid':
      return {
        found: `the certificate of ${authority} is not valid yet`,
        cause: 'the clock of this runner is behind, or that of the server was ahead when it made its certificate',
        remedy: 'compare the clocks: timedatectl on both machines',
      }
    case 'ca-unknown':
      return {
        found: `the certificate of ${authority} is not signed by the authority of the kubeconfig`,
        cause:
          'another cluster or service answers there, something in between opens TLS, or the cluster got a new CA after the kubeconfig was stored',
        remedy: `compare the server with the kubeconfig; if the CA was changed, store the kubeconfig again. Never switch verification off`,
      }
    case 'certificate-too-large':
      return {
        found: `the certificate of ${authority} is too large to be read`,
        cause: 'somebody made the k3s server take thousands of names into its certificate (GHSA-m4hf-6vgr-75r2)',
        remedy: 'upgrade k3s, or set tls-san-security: true before 1.28, and have it make a new certificate',
      }
    case 'client-certificate-refused':
      return {
        found: `${authority} refuses the client certificate`,
        cause: 'the certificate in the kubeconfig has expired, or is not signed by the client CA of this cluster',
        remedy: 'store a fresh copy of the kubeconfig',
      }
    case 'credentials-unusable':
      return {
        found: 'the credentials of the kubeconfig cannot be used',
        cause: 'certificate, key or token is damaged, or certificate and key do not belong together',
        remedy: 'store the kubeconfig again as it is on the server',
      }
    case 'not-tls':
    case 'handshake-refused':
      return {
        found: `${authority} does not speak TLS as an API server does`,
        cause: 'another service listens there, or a proxy is in between',
        remedy: address,
      }
    case 'reset':
      return {
        found: `${authority} cuts the connection during the handshake`,
        cause: 'another service listens there, a proxy forwards to nothing, or the server is restarting',
        remedy: `${address}; behind a load balancer or tunnel, check what it leads to`,
      }
    case 'timeout':
      return {
        found: `${authority} takes connections, but does not answer`,
        cause: 'another service listens there, large packets get lost on the way (MTU), or the server is overloaded',
        remedy: `${address}; look at the load of the server and the MTU of a VPN in between`,
      }
    default:
      return {
        found: `TLS with ${authority} failed`,
        cause: 'the handshake ended with an error that has no entry here',
        remedy: `see the evidence; ${address}`,
      }
  }
}

export function httpWords(probe: ServerProbe): Words {
  const { authority } = authorityOf(probe.server)
  switch (probe.http.reason) {
    case 'server-error':
      return {
        found: `${authority} answers with an error of its own`,
        cause: 'the API server is starting, or its datastore is not there',
        remedy: 'run it again in a minute; else look at the log of the server: journalctl -u k3s',
      }
    case 'overloaded':
      return {
        found: `${authority} has too much to do`,
        cause: 'the API server limits how many requests it takes at a time',
        remedy: 'run it again; look at the load of the server',
      }
    case 'not-kubernetes':
    case 'not-http':
      return {
        found: `what answers at ${authority} is no API server`,
        cause: 'another service, a login page or a proxy answers there',
        remedy: 'check host, port and path of the server; an API behind a login page needs a tunnel',
      }
    case 'timeout':
      return {
        found: `${authority} takes the request and does not answer it`,
        cause: 'the API server is overloaded or waits for its datastore',
        remedy: 'look at the load of the server and run it again',
      }
    default:
      return {
        found: `${authority} cuts the connection before it answers`,
        cause: 'a proxy in between does that, or the server is restarting',
        remedy: 'run it again; behind a load balancer, check what it leads to',
      }
  }
}
