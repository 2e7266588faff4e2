import { describe, expect, it } from '@jest/globals'
import { readKubeconfig } from '../../src/kubeconfig/index.ts'
import { maskForms } from '../../src/runner/masks.ts'
import { admin, base64, clientCa, fill, issue, k3sKubeconfig, serverCa, token } from './kubeconfig-materials.ts'

/** What the runner replaces: each registered value and each of its trimmed lines, wherever they stand (actions/runner, AddMaskCommandExtension). */
function masked(text: string, secrets: readonly string[]): string {
  const values = new Set(
    secrets.flatMap(maskForms).flatMap((value) => [value, ...value.split(/[\r\n]+/).map((line) => line.trim())]),
  )
  values.delete('')
  let result = text
  for (const value of [...values].sort((a, b) => b.length - a.length)) result = result.replaceAll(value, '***')
  return result
}

function secretsOf(text: string, allowExec: readonly string[] = []): readonly string[] {
  return readKubeconfig(text, { context: '', allowExec }).secrets
}

const user = (lines: string): string => `${k3sKubeconfig().split('  user:\n    client')[0]}  user:\n${fill(lines)}`

describe('what is masked of a kubeconfig of k3s', () => {
  const text = k3sKubeconfig()
  const secrets = secretsOf(text)

  it('is the private key, as stored and decoded, line by line', () => {
    expect(secrets).toContain(base64(admin.keyPem))
    const lines = admin.keyPem.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'))
    expect(lines.length).toBeGreaterThan(1)
    expect(secrets).toEqual([base64(admin.keyPem), ...lines])
    const log = masked(`a tool prints\n${text}\n${admin.keyPem}\n${JSON.stringify(admin.keyPem)}`, secrets)
    for (const line of lines) expect(log).not.toContain(line)
  })

  it('leaves everything alone that logs are made of', () => {
    const everyday = [
      'users:',
      'apiVersion: v1',
      'kind: Config',
      'name: default',
      '- name: default',
      'current-context: default',
      'preferences: {}',
      '-----BEGIN EC PRIVATE KEY-----',
      '{"apiVersion":"v1","kind":"Config"}',
      serverCa.certificatePem,
      clientCa.certificatePem,
      admin.certificatePem,
      base64(serverCa.certificatePem),
      base64(admin.certificatePem + clientCa.certificatePem),
      'https://127.0.0.1:6443',
      'https://127.0.0.1:16443',
      '/runner/temp/k3s-gpu-actions-private/ryan-taylor-default-oceanid-cluster-0123abcd/kubeconfig',
    ]
    for (const line of everyday) expect(masked(line, secrets)).toBe(line)
    const shown = text.replace(base64(admin.keyPem), 'KEY')
    expect(masked(shown, secrets)).toBe(shown)
  })

  it('is not the curve, which is the same for everybody', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
    const both = secretsOf(k3sKubeconfig({ keyPem: parameters + admin.keyPem }))
    expect(both.slice(1)).toEqual(secrets.slice(1))
  })

  it('is never a text of several lines', () => {
    expect(secrets.filter((secret) => /[\r\n]/.test(secret) || secret.length < 8)).toEqual([])
  })

  it('leaves every output alone that has no secret in it', () => {
    const { selected } = readKubeconfig(text, { context: '', allowExec: [] })
    const outputs = { context: selected.context, server: selected.server, expires: '2027-11-21T12:00:00Z', days: '365' }
    for (const value of Object.values(outputs)) expect(masked(value, secrets)).toBe(value)
  })
})

describe('what is masked of other kubeconfigs', () => {
  it('is the token, and not the name of who has it', () => {
    expect(secretsOf(user('    token: {{token}}\n'))).toEqual([token])
  })

  it('is both of a user with certificate and token', async () => {
    const holder = await issue('both', { issuer: clientCa })
    const text = k3sKubeconfig({ certificatePem: holder.certificatePem, keyPem: holder.keyPem })
    const secrets = secretsOf(`${text}    token: ${token}\n`)
    expect(secrets).toEqual(expect.arrayContaining([token, base64(holder.keyPem)]))
  })

  it('is a key in several lines of base64, each of them', () => {
    const key = base64(admin.keyPem)
    const folded = (key.match(/.{1,76}/g) ?? []).map((line) => `      ${line}\n`).join('')
    const text = k3sKubeconfig().replace(`client-key-data: ${key}\n`, `client-key-data: |\n${folded}`)
    const secrets = secretsOf(text)
    for (const line of key.match(/.{76}/g) ?? []) expect(secrets).toContain(line)
  })

  it('is the password, and not what is public with the same words', () => {
    expect(secretsOf(user('    username: admin\n    password: correct horse battery\n'))).toEqual([
      'correct horse battery',
    ])
    for (const password of ['apiVersion: v1', 'name: default', 'users:', 'certificate', '127.0.0.1:6443']) {
      const text = user(`    username: admin\n    password: '${password}'\n`)
      const { secrets, remarks } = readKubeconfig(text, { context: '', allowExec: [] })
      expect(secrets).toEqual([])
      expect(remarks.join()).toMatch(/password of user "default" cannot be masked/)
      expect(remarks.join()).not.toContain(password)
    }
  })

  it('says when a secret is too short to be masked, without saying it', () => {
    const { secrets, remarks } = readKubeconfig(user('    token: abc1234\n'), { context: '', allowExec: [] })
    expect(secrets).toEqual([])
    expect(remarks).toEqual([expect.stringMatching(/token of user "default".*shorter than 8/)])
    expect(remarks.join()).not.toContain('abc1234')
  })

  it('is what an allowed program is given, where it is secret', () => {
    const lines = `    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: kubelogin
      args: [get-token, --client-id, public-client-name, --client-secret, s3cret-argument, --oidc-password=s3cret-inline]
      env:
      - {name: AWS_PROFILE, value: default}
      - {name: AWS_SECRET_ACCESS_KEY, value: wJalrXUtnFEMI-EXAMPLE}
`
    const { secrets, remarks } = readKubeconfig(user(lines), { context: '', allowExec: ['kubelogin'] })
    expect([...secrets].sort()).toEqual(['s3cret-argument', 's3cret-inline', 'wJalrXUtnFEMI-EXAMPLE'])
    expect(remarks).toEqual([expect.stringContaining('allow-exec')])
  })
})
