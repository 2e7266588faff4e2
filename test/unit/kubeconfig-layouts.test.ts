import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readDocument } from '../../src/kubeconfig/document.ts'
import { readKubeconfig } from '../../src/kubeconfig/index.ts'
import type { Parts } from '../../src/kubeconfig/policy.ts'
import { renderKubeconfig } from '../../src/kubeconfig/render.ts'
import { fill, k3sKubeconfig } from './kubeconfig-materials.ts'
import { kubeconfigOf } from './kubeconfig-scribe.ts'

describe('a kubeconfig in any layout', () => {
  it.each(Array.from({ length: 8 }, (_, at) => at * 1000 + 7))('is reduced and edited as meant (seed %i)', (first) => {
    for (let seed = first; seed < first + 20; seed++) {
      const { text, name } = kubeconfigOf(seed)
      const edits =
        seed % 2 === 0 ? { server: 'https://127.0.0.1:16443', tlsServerName: 'kubernetes', namespace: 'on' } : {}
      const rendered = readKubeconfig(text, { context: name, allowExec: [] }).render(edits)
      const [whole, alone] = [parse(text), parse(rendered)] as [
        Record<string, { name: string }[]>,
        Record<string, unknown>,
      ]
      const only = (list: string, wanted: string): unknown => whole[list]?.find((one) => one.name === wanted)
      const isEdited = seed % 2 === 0
      expect(alone).toMatchObject({ 'current-context': name, users: [only('users', `u${name}`)] })
      if (!isEdited)
        expect(alone).toMatchObject({ contexts: [only('contexts', name)], clusters: [only('clusters', `c${name}`)] })
      if (isEdited) {
        expect(alone).toMatchObject({
          contexts: [{ name, context: { namespace: 'on' } }],
          clusters: [{ cluster: { server: edits.server, 'tls-server-name': 'kubernetes' } }],
        })
      }
      // Of the others there is nothing left, in comments neither.
      for (const other of ['a', 'b', 'c'].filter((one) => one !== name))
        expect(rendered).not.toContain(fill(`{{token}}-${other}`))
    }
  })

  it('that was not understood after all becomes an error, never another kubeconfig', () => {
    const document = readDocument(k3sKubeconfig())
    const [context, cluster, user] = (['contexts', 'clusters', 'users'] as const).map(
      (list) => (document.content[list] as Record<string, Record<string, unknown>>[])[0]?.[list.slice(0, -1)] ?? {},
    )
    const parts: Parts = {
      contextName: 'default',
      context: context ?? {},
      contextPlace: ['contexts', 0, 'context'],
      clusterName: 'default',
      cluster: cluster ?? {},
      clusterPlace: ['clusters', 0, 'cluster'],
      userName: 'default',
      user: user ?? {},
      userPlace: ['users', 0, 'user'],
    }
    const edits = { server: 'https://127.0.0.1:16443' }
    expect(renderKubeconfig(document, parts, edits)).toContain(edits.server)
    // As if positions in the text were other than the parser says.
    const shifted = { ...document, text: `   ${document.text}` }
    expect(() => renderKubeconfig(shifted, parts, edits)).toThrow(
      expect.objectContaining({ code: 'kubeconfig-invalid' }),
    )
  })
})
