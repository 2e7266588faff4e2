import ssh2 from 'ssh2'

/** ssh2 1.17.0 writes about three Ed25519 keys in a thousand in a form that it cannot read itself: then another is made. */
export function keyPair(type: 'ed25519' | 'rsa' | 'ecdsa' = 'ed25519'): {
  readonly private: string
  readonly public: string
} {
  const { generateKeyPairSync, parseKey } = ssh2.utils
  for (;;) {
    const pair =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { bits: 2048 })
        : type === 'ecdsa'
          ? generateKeyPairSync('ecdsa', { bits: 256 })
          : generateKeyPairSync('ed25519')
    if ('type' in parseKey(pair.private) && 'type' in parseKey(pair.public)) return pair
  }
}
