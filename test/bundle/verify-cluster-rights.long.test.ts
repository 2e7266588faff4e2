/** Rights that are missing, through the bundle of verify-cluster. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { doors } from './door.ts'
import { checksOf, counted, idsWith, lay } from './verify-cluster-door.ts'

const opened = doors()
const limitMs = 300_000

describe('rights that are missing', () => {
  it(
    'are skips that name the rule, and one warning; nothing else fails for them',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      await door.world.cluster.comeOver(new Set(['verify-no-rights']))
      const { press, requests } = await counted(door, { suites: 'api, nodes, flux, storage' })
      expect(press).toMatchObject({ exitCode: 0, outputs: { verdict: 'warn' } })
      const checks = checksOf(press)
      const rights = checks.get('api.rights')
      expect(rights?.verdict).toBe('warn')
      for (const word of ['leases', 'persistentvolumeclaims', 'kustomizations'])
        expect(JSON.stringify(rights)).toContain(word)
      expect(JSON.stringify(rights)).toContain('manifests/verify-rbac.yaml')
      expect(checks.get('nodes.heartbeat')).toMatchObject({
        verdict: 'skip',
        found: expect.stringMatching(/may not be asked/),
      })
      expect(checks.get('storage.claims')).toMatchObject({
        verdict: 'skip',
        found: expect.stringMatching(/may not be asked/),
      })
      expect(checks.get('nodes.ready')?.verdict).toBe('pass')
      expect(idsWith(press, 'fail', 'error')).toEqual([])
      // Who may not is not asked again and again.
      const refused = requests.filter((request) => request.endsWith(' 403'))
      expect(new Set(refused).size).toBe(refused.length)
      // A dry run says the same without asking for what is refused.
      const dry = await counted(door, { suites: 'api, nodes, flux, storage', 'dry-run': 'true' })
      expect(dry.press).toMatchObject({ exitCode: 0, outputs: { result: 'planned' } })
      expect(dry.press.stdout).toMatch(/leases/)
      // A kubeconfig of nobody: no answer is a verdict about the cluster.
      const nobody = lay(
        door,
        'nobody',
        readFileSync(`${door.folder}/kubeconfig-verify`, 'utf8').replace(
          /token: .*/,
          'token: abcdefghijklmnop0123456789',
        ),
      )
      const unknown = (await counted(door, { kubeconfig: nobody, retries: '0', suites: 'api, nodes' })).press
      expect([unknown.exitCode, idsWith(unknown, 'pass', 'warn').filter((id) => id.startsWith('nodes'))]).toEqual([
        1,
        [],
      ])
      expect(checksOf(unknown).get('api.reachable')?.verdict).toMatch(/fail|error/)
      expect(unknown.stdout).not.toContain('abcdefghijklmnop0123456789')
    },
    limitMs,
  )
})
