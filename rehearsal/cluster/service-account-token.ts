/** Tokens of service accounts, as `kubectl create token` prints them: a JWT that says when it ends. */
import { randomBytes, randomUUID } from 'node:crypto'

const namespace = 'kube-system'
/** 2160h, which the manifest recommends. */
const lifetimeSeconds = 90 * 24 * 3600

/** The API server of this world knows its tokens by heart, so nobody needs the key that signed them. */
export function serviceAccountToken(name: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const audience = ['https://kubernetes.default.svc.cluster.local', 'k3s']
  const content = {
    aud: audience,
    exp: seconds + lifetimeSeconds,
    iat: seconds,
    iss: audience[0],
    jti: randomUUID(),
    'kubernetes.io': { namespace, serviceaccount: { name, uid: randomUUID() } },
    nbf: seconds,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  const kid = randomBytes(32).toString('base64url')
  return [part({ alg: 'RS256', kid }), part(content), randomBytes(256).toString('base64url')].join('.')
}
