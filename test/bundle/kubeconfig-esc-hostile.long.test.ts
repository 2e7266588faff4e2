/** Kubeconfigs that would run programs, read files or mislead, and servers that answer with whatever they like. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { answers } from '../../rehearsal/esc/index.ts'
import { fixture, fixtureNames, secretsOfFixtures } from '../unit/kubeconfig-materials.ts'
import { hostileLine, hostileText, marker } from './hostile.ts'
import { type Done, type EscDoor, environmentReference, escDoors, kubeconfigProperty } from './kubeconfig-esc-door.ts'
import { problemsOf } from './kubeconfig-esc-harmless.ts'

const opened = escDoors()

/** Three at a time: they wait more than they work. */
async function each<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>): Promise<void> {
  const left = [...items.entries()]
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next[1], next[0])
  }
  await Promise.all([worker(), worker(), worker()])
}

function expectNothing(door: EscDoor, name: string, done: Done): void {
  expect([name, done.exitCode, done.outputs.result]).toEqual([name, 1, 'failed'])
  expect([name, existsSync(done.exported.KUBECONFIG ?? ''), done.outputs.kubeconfig ?? '']).toEqual([name, false, ''])
  expect([name, problemsOf(done)]).toEqual([name, []])
  expect([name, door.leftovers()]).toEqual([name, []])
}

describe('a hostile kubeconfig', () => {
  it.each([
    ['in an ESC environment', false],
    ['on the runner', true],
  ])(
    '%s is refused with nothing written, executed, read or sent',
    async (_story, isFile) => {
      const door = await opened()
      for (const [index, secret] of secretsOfFixtures.entries()) door.keepSecret(`of a fixture, ${index}`, secret)
      const canary = join(door.folder, 'canary')
      const codes = new Map<string, string>()
      await each(fixtureNames(), async (name) => {
        const text = fixture(name, canary)
        const path = join(door.folder, `${name}.yaml`)
        // UTF-8 has no half characters; a file has bytes that are none.
        const bytes = text.isWellFormed() ? text : Buffer.from(text.replace(/\p{Cs}/u, '\u00ff'), 'latin1')
        if (isFile) writeFileSync(path, bytes)
        const done = await door.press({
          inputs: isFile ? { kubeconfig: path, 'access-token': '' } : door.store(text, name),
        })
        expectNothing(door, name, done)
        codes.set(name, done.outputs['failure-code'] ?? '')
      })
      expect(existsSync(canary)).toBe(false)
      // Those that pass the policy are told by their dates, or by the server that they do not belong to.
      const others = [...codes].filter(
        ([name, code]) => !/^(?:kubeconfig-(?:refused|invalid)|esc-shape)$/.test(code) && !name.startsWith('check-'),
      )
      expect(others).toEqual([])
      expect(door.cluster.requests).toEqual([])
    },
    240_000,
  )
})

const inputs = { environment: environmentReference, property: kubeconfigProperty }
const json = (value: unknown): string => JSON.stringify(value)

/** What somebody between here and Pulumi, or Pulumi itself, may say at any request. */
const bodies: Readonly<Record<string, string>> = {
  'plain text': hostileText,
  'a message': json({ code: 400, message: hostileText }),
  'an error of OAuth': json({ error: hostileLine, error_description: hostileText }),
  diagnostics: json({
    code: 0,
    message: '',
    diagnostics: [{ summary: hostileText, severity: hostileLine, path: hostileText }],
  }),
  'ten megabytes': json({ code: 400, message: 'x'.repeat(10 * 1024 * 1024) }),
  'ten megabytes of lines': `${marker}\n`.repeat(2 * 1024 * 1024),
  'a deep text': '['.repeat(200_000),
  'another type': json([hostileText, 7, null]),
}

describe('hostile answers', () => {
  const requests: readonly (readonly [string, RegExp])[] = [
    ['to the exchange', /^POST \/api\/oauth\/token/],
    ['to open', /^POST .*\/open$/],
    ['to a property', /^GET .*\/open\//],
  ]
  it.each(requests)(
    '%s issue no command, and end the run in words',
    async (where, pattern) => {
      const door = await opened()
      const isExchange = where === 'to the exchange'
      for (const [name, body] of Object.entries(bodies))
        for (const status of [200, 400, 403, 404, 409, 500]) {
          // Asked again and again, with waits in between: once is enough.
          if (status === 500 && name !== 'plain text') continue
          const answer = { status, headers: { 'X-Pulumi-Request-ID': `::error::${marker}` }, body }
          door.pulumi.interject(pattern, answer, answer, answer, answer, answer)
          const done = await door.press({
            inputs: { ...inputs, ...(isExchange ? { 'access-token': '' } : {}) },
            ...(isExchange && { machine: door.trusted() }),
          })
          door.pulumi.calm()
          expectNothing(door, `${name}, ${status}`, done)
          expect(done.stdout.length).toBeLessThan(200_000)
        }
    },
    400_000,
  )

  it('with a session, warnings and names of properties of a stranger’s choosing are data', async () => {
    const door = await opened()
    const strange: readonly (readonly [string, object])[] = [
      ['a session that is a path', { id: '../../../other/open/1' }],
      ['a session of commands', { id: hostileLine }],
      ['a session of dots', { id: '..' }],
      ['a session with a query', { id: 'a?property=b' }],
    ]
    for (const [name, body] of strange) {
      door.pulumi.interject(/^POST .*\/open$/, answers.ok(body))
      expectNothing(door, name, await door.press({ inputs }))
    }
    expect(door.pulumi.requests.filter((one) => one.includes('other/open'))).toEqual([])
    const keys = Object.fromEntries(hostileText.split('\n').map((line, index) => [`${index} ${line}`, 'x']))
    const missing = await door.press({
      inputs: door.store({ [hostileLine]: { [hostileText]: 'x' }, pulumiConfig: keys, files: { [hostileText]: '' } }),
    })
    expect(missing.outputs['failure-code']).toBe('esc-property-missing')
    expectNothing(door, 'names of properties', missing)
    const shapes = [hostileText, hostileLine, '[secret]', [hostileText], 7, { [hostileText]: hostileText }]
    for (const [index, KUBECONFIG] of shapes.entries())
      expectNothing(door, `value ${index}`, await door.press({ inputs: door.store({ files: { KUBECONFIG } }) }))
  }, 120_000)

  it('of GitHub’s issuer are none of a run’s business', async () => {
    const door = await opened()
    const tokens = [hostileText, json({ value: hostileText }), json({ value: hostileLine }), json({ value: 'a.b.c' })]
    for (const [index, body] of [...tokens, bodies['ten megabytes'] ?? ''].entries())
      for (const status of [200, 400, 403]) {
        door.idTokens.answerWith({ status, body })
        const done = await door.press({ inputs: { ...inputs, 'access-token': '' }, machine: door.trusted() })
        expectNothing(door, `${index}, ${status}`, done)
      }
  }, 240_000)

  it('of an API server reach neither outputs nor commands, and decide nothing', async () => {
    const door = await opened()
    const status = (code: number): string =>
      json({ kind: 'Status', status: 'Failure', code, message: hostileText, reason: hostileLine })
    // What was told stays: those that are asked last come first.
    const told: readonly (readonly [RegExp, number, string])[] = [
      [/selfsubjectaccessreviews/, 201, json({ status: { allowed: true, reason: hostileText } })],
      [
        /selfsubjectaccessreviews/,
        201,
        json({ status: { allowed: false, reason: hostileText, evaluationError: hostileLine } }),
      ],
      [/selfsubjectaccessreviews/, 500, hostileText],
      [/kube-system$/, 200, json({ metadata: { uid: hostileLine, name: hostileText } })],
      [/kube-system$/, 403, status(403)],
      [/^GET \/version/, 200, json({ gitVersion: hostileText })],
      [/^GET \/version/, 401, status(401)],
      [/^GET \/version/, 500, hostileText],
      [/^GET \/version/, 200, `"${'x'.repeat(10 * 1024 * 1024)}"`],
    ]
    for (const [pattern, code, text] of told) {
      door.cluster.answerWith(pattern, code, text)
      const done = await door.press({ inputs: { ...inputs, purpose: 'join' } })
      expect([String(pattern), code, problemsOf(done)]).toEqual([String(pattern), code, []])
      await door.post(done)
      expect(door.leftovers()).toEqual([])
    }
  }, 120_000)
})
