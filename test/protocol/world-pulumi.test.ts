/** The embedded Pulumi Cloud's stacks: who may update one, who holds it, and how it is freed; and the program that is deployed. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Pulumi, startPulumi } from '../../rehearsal/esc/index.ts'
import { type DeployWorld, holderOf, layDeployWorld, stackReference, urns } from '../../rehearsal/pulumi/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { authority, send } from './world-esc-client.ts'

const organization = 'ryan-taylor'
const base = `https://api.pulumi.com/api/stacks/${stackReference}`
const directory = mkdtempSync(join(tmpdir(), 'world-pulumi-'))
let pulumi: Pulumi
let deploy: DeployWorld
let token = ''

beforeAll(async () => {
  const kubeSystem = { metadata: { name: 'kube-system', uid: '7dbfd504-fd7a-b89d-ab17-46ef124a4d61' } }
  const cluster = { caPem: authority.certPem, objects: { get: () => kubeSystem } }
  deploy = layDeployWorld({ directory, programs: join(directory, 'bin'), cluster })
  pulumi = await startPulumi({
    certificate: await authority.issue(['api.pulumi.com']),
    organizations: [{ name: organization, edition: 'individual', members: [organization], policies: [] }],
    verify: async () => ({}),
    stacks: deploy.answer,
  })
  token = `token ${pulumi.accessToken({ organization, tokenType: 'personal', name: organization })}`
})

afterAll(async () => {
  await pulumi.close()
  rmSync(directory, { recursive: true })
})

const ask = (method: string, path: string, body?: unknown, authorization = token) =>
  send(
    pulumi.port,
    method,
    `${base}${path}`,
    { Authorization: authorization },
    body === undefined ? '' : JSON.stringify(body),
  )

/** Begins one; resolves with its id and token. */
async function begun(kind: 'update' | 'preview', environment = {}) {
  const created = (await ask('POST', `/${kind}`, { metadata: { message: 'said', environment } })).json()
  const started = await ask('POST', `/update/${created.updateID}`, {})
  return { id: String(created.updateID), code: started.code, body: started.json() }
}

describe('a stack of the embedded Pulumi Cloud', () => {
  it('is not there for who has no token, or the token of another organization', async () => {
    expect((await ask('GET', '', undefined, '')).code).toBe(401)
    const other = pulumi.accessToken({ organization: 'somebody', tokenType: 'personal', name: 'somebody' })
    expect((await ask('GET', '', undefined, `token ${other}`)).code).toBe(404)
  })

  it('is held by one update, which says whose run it is; another gets 409, a preview does not', async () => {
    const first = await begun('update', { 'ci.build.id': '100041' })
    expect(first.code).toBe(200)
    const stack = (await ask('GET', '')).json()
    expect(stack).toMatchObject({ activeUpdate: first.id, currentOperation: { kind: 'update', author: organization } })
    const latest = (await ask('GET', '/updates/latest')).json()
    expect(latest).toMatchObject({
      updateID: first.id,
      info: { result: 'in-progress', environment: { 'ci.build.id': '100041' } },
    })

    const second = await begun('update')
    expect(second.code).toBe(409)
    expect(second.body).toEqual({ code: 409, message: 'Conflict: Another update is currently in progress.' })
    expect((await begun('preview')).code).toBe(200)

    const lease = `update-token ${first.body.token}`
    expect((await ask('POST', `/update/${first.id}/complete`, { status: 'succeeded' }, lease)).code).toBe(204)
    const after = (await ask('GET', '')).json()
    // The last update is still named; nobody holds the stack.
    expect(after).toMatchObject({ activeUpdate: first.id })
    expect(after).not.toHaveProperty('currentOperation')
  })

  it('is freed by cancelling exactly that update, once; its own process then saves nothing any more', async () => {
    const held = await begun('update')
    expect((await ask('POST', `/update/${held.id}/cancel`)).code).toBe(204)
    expect((await ask('POST', `/update/${held.id}/cancel`)).body).toContain('The Update has already completed')
    const late = await ask(
      'PATCH',
      `/update/${held.id}/checkpoint`,
      { deployment: {} },
      `update-token ${held.body.token}`,
    )
    expect(late.code).toBe(409)
    expect(deploy.stack?.deployment.resources).toHaveLength(3)
    expect((await begun('update')).code).toBe(200)
  })

  it('lets nobody speak for an update without its token', async () => {
    const holder = deploy.stack && holderOf(deploy.stack)
    const refused = await ask('POST', `/update/${holder?.id}/complete`, { status: 'failed' }, 'update-token guessed')
    expect(refused.code).toBe(403)
    expect(deploy.stack && holderOf(deploy.stack)?.id).toBe(holder?.id)
  })
})

describe('the program that is deployed', () => {
  it("comes with the guard that this repository ships, and with the example's other files", () => {
    const shipped = readFileSync(join(repositoryRoot, 'snippets', 'cluster-deploy-guard.ts'), 'utf8')
    const example = join(repositoryRoot, 'examples', 'cluster')
    expect(readFileSync(join(example, 'cluster-deploy-guard.ts'), 'utf8')).toBe(shipped)
    expect(readdirSync(join(deploy.overlay, 'cluster')).toSorted()).toEqual(
      readdirSync(example)
        .filter((name) => name !== 'node_modules')
        .toSorted(),
    )
  })

  it('has a lock file that leads to no particular registry', () => {
    const lock = readFileSync(join(repositoryRoot, 'examples', 'cluster', 'pnpm-lock.yaml'), 'utf8')
    expect(lock).not.toMatch(/https?:|tarball/)
    expect(lock).toContain('integrity: sha512-')
  })

  it('finds a cluster that is a step behind, with the secret of the stack nowhere in clear', () => {
    expect(Object.keys(deploy.reality())).toEqual([urns.namespace, urns.triton])
    const files = ['Pulumi.prod.yaml', 'index.ts'].map((name) =>
      readFileSync(join(deploy.overlay, 'cluster', name), 'utf8'),
    )
    for (const secret of deploy.secrets) expect(files.join('\n')).not.toContain(secret)
  })
})
