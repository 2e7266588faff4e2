import { type Credential, GivenTokenError, type JoinConsent } from '../join/index.ts'
import { caHash, formatBootstrapToken, parseToken } from './token.ts'

const mintInstead = 'leave `token` out: a bootstrap token is minted through the API and deleted at the end'

/**
 * Checks a given token before anything is done with it: it must pin this cluster's certificate authority,
 * and the server's own token is refused unless that is allowed, because it makes its holder the cluster's owner (k3s docs: cli/token).
 */
export function acceptGivenToken(
  text: string,
  caPem: string,
  consent: Pick<JoinConsent, 'allowServerToken'>,
): Credential {
  const token = parseToken(text)
  const expected = caHash(caPem)
  if (token.caHash !== undefined && token.caHash !== expected) {
    throw new GivenTokenError(
      'token-of-another-cluster',
      'the given token belongs to another cluster, or to this one before its CA was changed',
      `it pins the CA ${token.caHash.slice(0, 12)}…, the kubeconfig's CA is ${expected.slice(0, 12)}…`,
      mintInstead,
    )
  }
  if (token.kind === 'short') {
    throw new GivenTokenError(
      'token-without-ca',
      'the given token pins no certificate authority',
      'without the K10 prefix an agent believes whatever server answers',
      mintInstead,
    )
  }
  if ((token.kind === 'server' || token.kind === 'agent') && !consent.allowServerToken) {
    throw new GivenTokenError(
      'server-token-refused',
      `the given token is the ${token.kind}'s own, long-lived one`,
      token.kind === 'server'
        ? 'whoever reads it on the node owns the cluster'
        : 'whoever reads it on the node can join machines for ever',
      `${mintInstead}; or set allow-server-token when you mean it`,
    )
  }
  if (token.kind === 'bootstrap' && token.caHash === undefined) {
    const [id = '', secret = ''] = text.trim().split('.')
    return { id, text: formatBootstrapToken(expected, id, secret) }
  }
  return { id: 'given', text: text.trim() }
}
