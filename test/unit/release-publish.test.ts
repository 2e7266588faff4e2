/** A release that breaks anywhere is pressed again and comes to the same end; nobody is taken back, nothing is overwritten. */
import { describe, expect, it } from '@jest/globals'
import { sumOf } from '../../scripts/release/pack.ts'
import { publish, type Release, type Repository, type Wish } from '../../scripts/release/publish.ts'

const commit = 'a'.repeat(40)
const older = 'b'.repeat(40)

interface Held {
  refs: Map<string, string>
  releases: (Release & { isPrerelease: boolean; isLatest?: boolean; notes: string })[]
}

/** GitHub as far as a release sees it. `breakAfter`: the n-th change is made, and its answer is lost. */
function github(held: Held, breakAfter = Number.POSITIVE_INFINITY): Repository {
  let changes = 0
  let ids = 100
  const change = <T>(make: () => T): Promise<T> => {
    if (changes >= breakAfter) return Promise.reject(new Error('the machine is gone'))
    const made = make()
    if (++changes === breakAfter) return Promise.reject(new Error('the answer is lost'))
    return Promise.resolve(made)
  }
  const replace = (id: number, more: Partial<Held['releases'][number]>): Held['releases'][number] => {
    const index = held.releases.findIndex((one) => one.id === id)
    const made = { ...held.releases[index], ...more } as Held['releases'][number]
    held.releases[index] = made
    return made
  }
  return {
    commitOf: (ref) => Promise.resolve(held.refs.get(ref)),
    tags: () =>
      Promise.resolve([...held.refs.keys()].filter((ref) => ref.startsWith('tags/')).map((ref) => ref.slice(5))),
    createTag: (tag, sha) =>
      change(() => {
        if (held.refs.has(`tags/${tag}`)) throw new Error('422')
        held.refs.set(`tags/${tag}`, sha)
      }),
    moveTag: (tag, sha) => change(() => void held.refs.set(`tags/${tag}`, sha)),
    releaseOf: (tag) => Promise.resolve(held.releases.find((one) => one.tag === tag)),
    createDraft: ({ tag, notes, isPrerelease }) =>
      change(() => {
        const made = { id: ++ids, tag, notes, isPrerelease, isDraft: true, url: `https://x/${tag}`, assets: [] }
        held.releases.push(made)
        return made
      }),
    attach: ({ id }, name, content) =>
      change(() => {
        const assets = held.releases.find((one) => one.id === id)?.assets ?? []
        if (assets.some((asset) => asset.name === name)) throw new Error('422')
        const asset = { id: ++ids, name, digest: `sha256:${sumOf(content)}` }
        replace(id, { assets: [...assets, asset] })
        return asset
      }),
    removeAsset: ({ id }) =>
      change(() => {
        for (const release of held.releases)
          replace(release.id, { assets: release.assets.filter((asset) => asset.id !== id) })
      }),
    publish: ({ id }, { notes, isLatest }) => change(() => replace(id, { isDraft: false, notes, isLatest })),
  }
}

const withOneRelease = (): Held => ({
  refs: new Map([
    ['heads/main', commit],
    ['tags/v1', older],
    ['tags/v1.0.0', older],
  ]),
  releases: [],
})
const file = (text: string) => ({ content: Buffer.from(text), sum: sumOf(Buffer.from(text)) })
const wish: Wish = {
  version: '1.1.0',
  commit,
  notes: '- A button.\n',
  assets: new Map([
    ['SHA256SUMS', file('sums')],
    ['k3s-gpu-actions-1.1.0.tar.gz', file('archive')],
  ]),
}

async function press(held: Held, more: Partial<Wish> = {}, breakAfter?: number): Promise<string> {
  const lines: string[] = []
  try {
    await publish(github(held, breakAfter), { ...wish, ...more }, (line) => lines.push(line))
  } catch (error) {
    lines.push((error as Error).message)
  }
  return lines.join('\n')
}

function expectReleased(held: Held): void {
  expect([held.refs.get('tags/v1.1.0'), held.refs.get('tags/v1'), held.refs.get('tags/v1.0.0')]).toEqual([
    commit,
    commit,
    older,
  ])
  expect(held.releases).toHaveLength(1)
  expect(held.releases[0]).toMatchObject({ tag: 'v1.1.0', isDraft: false, isLatest: true, notes: wish.notes })
  expect(held.releases[0]?.assets.map(({ name, digest }) => [name, digest])).toEqual(
    [...wish.assets].map(([name, { sum }]) => [name, `sha256:${sum}`]),
  )
}

describe('Release', () => {
  it('tags the commit, publishes a draft that has everything, and moves the major tag last', async () => {
    const held = withOneRelease()
    const said = await press(held)
    expectReleased(held)
    expect(said.split('\n').map((line) => line.replace(/\(sha256:.*/, ''))).toEqual([
      `v1.1.0 names ${commit}`,
      'SHA256SUMS is attached ',
      'k3s-gpu-actions-1.1.0.tar.gz is attached ',
      'v1.1.0 is released: https://x/v1.1.0',
      `v1 names ${commit}, before ${older}`,
    ])
  })

  it.each([1, 2, 3, 4, 5, 6])(
    'comes to the same end when it broke after change %i and is pressed again',
    async (number) => {
      const held = withOneRelease()
      const broke = await press(held, {}, number)
      expect(broke).toContain('the answer is lost')
      await press(held)
      expectReleased(held)
      const changedNothing = structuredClone(held)
      await press(held)
      expect(held).toEqual(changedNothing)
    },
  )

  it('replaces what an upload that broke off has left', async () => {
    const held = withOneRelease()
    await press(held, {}, 2)
    held.releases[0] = { ...held.releases[0]!, assets: [{ id: 7, name: 'SHA256SUMS', digest: '' }] }
    await press(held)
    expectReleased(held)
  })

  it('changes nothing when main has moved on, or the version is another commit', async () => {
    const held = withOneRelease()
    held.refs.set('heads/main', older)
    expect(await press(held)).toContain('main has moved on since this run began')
    held.refs.set('tags/v1.1.0', older)
    expect(await press(held)).toContain('v1.1.0 names another commit already')
    expect([held.refs.get('tags/v1'), held.releases]).toEqual([older, []])
  })

  it('takes nobody back: an old run that is pressed again leaves the major tag where a newer version put it', async () => {
    const held = withOneRelease()
    held.refs.set('tags/v1.1.0', commit).set('tags/v1.2.0', 'c'.repeat(40)).set('tags/v1', 'c'.repeat(40))
    expect(await press(held)).toContain('v1 stays where it is: v1.2.0 came after 1.1.0')
    expect(held.refs.get('tags/v1')).toBe('c'.repeat(40))
    expect(held.releases[0]).toMatchObject({ isDraft: false, isLatest: false })
  })

  it('marks a prerelease as one, and moves nothing for it', async () => {
    const held = withOneRelease()
    expect(await press(held, { version: '2.0.0-rc.1' })).toContain('v2 stays where it is: 2.0.0-rc.1 is a prerelease')
    expect(held.refs.has('tags/v2')).toBe(false)
    expect(held.releases[0]).toMatchObject({ isPrerelease: true, isLatest: false })
  })

  it('makes the first tag of a major', async () => {
    const held = withOneRelease()
    await press(held, { version: '2.0.0' })
    expect([held.refs.get('tags/v2'), held.refs.get('tags/v1')]).toEqual([commit, older])
  })

  it('says of a release that was published without its files that a person has to decide', async () => {
    const held = withOneRelease()
    held.refs.set('tags/v1.1.0', commit)
    const empty = { id: 1, tag: 'v1.1.0', url: 'https://x/1', isPrerelease: false, notes: '' }
    held.releases.push({ ...empty, isDraft: false, assets: [] })
    expect(await press(held)).toContain('v1.1.0 was published without SHA256SUMS, k3s-gpu-actions-1.1.0.tar.gz')
    expect(held.refs.get('tags/v1')).toBe(older)
  })
})
