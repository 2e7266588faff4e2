import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { complainAboutFolder } from '../../actions/deploy-stack/report-folder.ts'
import { isReserved } from '../../actions/deploy-stack/reserved.ts'
import { maskForeignSecrets } from '../../actions/deploy-stack/secrets.ts'
import { createAuthority, kubeconfigText } from '../../rehearsal/cluster/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'deploy-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('what other steps and the job hold secret', () => {
  const masksOf = async (kubeconfig: string, environment: Record<string, string>, names: readonly string[]) => {
    const masked: string[] = []
    const lines: string[] = []
    const runner = {
      environment,
      signal: new AbortController().signal,
      mask: (secret: string) => void masked.push(secret),
      line: (text = '') => void lines.push(text),
    }
    await maskForeignSecrets(runner, kubeconfig, names)
    return { masked, lines }
  }

  it('is masked here as well: a provider may quote the kubeconfig, and a report goes further than a log', async () => {
    const { certPem } = await createAuthority('ours')
    const path = join(folder, 'kubeconfig')
    const user = { name: 'u', token: 'sesame-open-yourself' }
    writeFileSync(path, kubeconfigText('oceanid', 'https://127.0.0.1:6443', certPem, user))
    expect(await masksOf(path, {}, [])).toEqual({ masked: ['sesame-open-yourself'], lines: [] })
  })

  it('of a kubeconfig that cannot be read is not known, and that is said', async () => {
    const { masked, lines } = await masksOf(join(folder, 'none'), {}, [])
    expect([masked, lines]).toEqual([
      [],
      ['  ! what is secret in the kubeconfig is not known here: a program that prints it is not stopped from it'],
    ])
  })

  it('is masked by its name where the program is given it', async () => {
    const environment = { CLOUDFLARE_API_TOKEN: 'cf-0123456789', CLOUDFLARE_ACCOUNT_ID: 'account-1', REGION: 'eu' }
    const { masked } = await masksOf('', environment, [...Object.keys(environment), 'NOT_THERE_TOKEN'])
    expect(masked).toEqual(['cf-0123456789'])
  })

  it.each(['PULUMI_OPTION_SHOW_SECRETS', 'PULUMI_OPTION_TARGET', 'PULUMI_CI_SYSTEM', 'PULUMI_CI_BUILD_ID'])(
    '%s is not handed on',
    (name) => {
      expect(isReserved(name)).toMatch(/Pulumi/)
    },
  )
})

describe('the folder for the report', () => {
  it('is no link of the repository, and lies behind none', () => {
    const workspace = join(folder, 'workspace')
    mkdirSync(join(workspace, 'plain'), { recursive: true })
    symlinkSync(folder, join(workspace, 'link'))
    symlinkSync('/nowhere', join(workspace, 'dangling'))
    writeFileSync(join(workspace, 'file'), '')
    for (const name of ['link', 'link/below', 'dangling', 'plain/../link'])
      expect(complainAboutFolder(join(workspace, name), workspace)).toBe('leads out of the workspace by a link')
    for (const name of ['plain', 'plain/below', 'new', 'file'])
      expect(complainAboutFolder(join(workspace, name), workspace)).toBeUndefined()
    // Outside of the workspace no file of the repository lies in the way.
    expect(complainAboutFolder(join(folder, 'elsewhere'), workspace)).toBeUndefined()
  })
})
