/** Node passwords as k3s keeps them: Secret `kube-system/<node>.node-password.k3s` with an scrypt hash (pkg/authenticator/hash). */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import type { KubernetesObject } from '../contract.ts'

const cost = { logN: 15, r: 8, p: 1, keyBytes: 64 }

export function nodePasswordKey(node: string): string {
  return `secrets/kube-system/${node.toLowerCase()}.node-password.k3s`
}

/** The Secret that the server stores at a node's first registration. */
export function nodePasswordSecret(node: string, password: string): KubernetesObject {
  const salt = randomBytes(8)
  const hash = `$1:${salt.toString('hex')}:${cost.logN}:${cost.r}:${cost.p}:${derive(password, salt).toString('base64').replace(/=+$/, '')}`
  return {
    metadata: { name: `${node.toLowerCase()}.node-password.k3s`, namespace: 'kube-system' },
    type: 'Opaque',
    immutable: true,
    data: { hash: Buffer.from(hash).toString('base64') },
  }
}

/** Does the password belong to the stored hash? */
export function isNodePassword(secret: KubernetesObject, password: string): boolean {
  const data = (secret.data ?? {}) as Readonly<Record<string, string>>
  const [version, salt = '', , , , stored = ''] = Buffer.from(data.hash ?? '', 'base64')
    .toString('utf8')
    .split(':')
  if (version !== '$1') return false
  const expected = Buffer.from(stored, 'base64')
  const given = derive(password, Buffer.from(salt, 'hex'))
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function derive(password: string, salt: Buffer): Buffer {
  const maxmem = 64 * 1024 * 1024
  return scryptSync(password, salt, cost.keyBytes, { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem })
}
