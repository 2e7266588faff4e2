/** People's accounts on a lab host: who may log in, and who may become root how. */

/**
 * Everybody's public key is the same one, so that a scenario chooses by the name alone. A guest has the operator's password:
 * sudo takes it, and only then says that it does not know the guest.
 */
export const accounts = [
  { name: 'oceanid', uid: 1000, hasPassword: false },
  { name: 'operator', uid: 1001, hasPassword: true },
  { name: 'guest', uid: 1002, hasPassword: true },
] as const

export interface AccountFiles {
  readonly passwd: string
  readonly group: string
  readonly shadow: string
}

/** The three files with our accounts added. `passwordHash` as crypt(3) writes it. */
export function withAccounts(given: AccountFiles, passwordHash: string): AccountFiles {
  const lines = (render: (account: (typeof accounts)[number]) => string): string =>
    accounts.map((account) => `${render(account)}\n`).join('')
  return {
    passwd: given.passwd + lines(({ name, uid }) => `${name}:x:${uid}:${uid}::/home/${name}:/bin/bash`),
    // Whoever is in the group sudo may do everything after entering a password.
    group:
      given.group.replace(/^(sudo:.*:)(.*)$/m, (_, head: string, members: string) =>
        [head, [members, 'operator'].filter((name) => name !== '').join(',')].join(''),
      ) + lines(({ name, uid }) => `${name}:x:${uid}:`),
    // An account that only keys open has no password that would fit.
    shadow:
      given.shadow + lines(({ name, hasPassword }) => `${name}:${hasPassword ? passwordHash : '!'}:20000:0:99999:7:::`),
  }
}

/** What cloud-init leaves in /etc/sudoers.d; undefined where the account has lost its rights. */
export function cloudUserRule(hasSudo: boolean): string | undefined {
  return hasSudo ? '# User rules for oceanid\noceanid ALL=(ALL) NOPASSWD:ALL\n' : undefined
}
