import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Caller {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly uses?: string; readonly with?: { readonly environment?: string; readonly runner?: string } }
    >
  >
}

/** Every call of a reusable workflow that gets an environment: whose jobs ask Pulumi for a token. */
const calls = ['join-calypso', 'remove-calypso', 'deploy', 'nightly'].flatMap((name) => {
  const { jobs } = parse(read(`.github/workflows/${name}.yml`)) as Caller
  return Object.values(jobs).flatMap(({ uses = '', with: inputs = {} }) =>
    inputs.environment === undefined ? [] : [{ file: uses.split('/').at(-1) ?? '', ...inputs }],
  )
})

/** How GitHub makes an anchor of a heading. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
}

describe.each(['deploy.md', 'removal.md', 'runner.md', 'esc.md'])('docs/%s', (name) => {
  it('leads to headings that are there', () => {
    for (const [link, path = '', anchor = ''] of read(`docs/${name}`).matchAll(
      /\]\((?!https?:)([^)#\s]*)#([^)]+)\)/g,
    )) {
      const target = path === '' ? `docs/${name}` : join('docs', path)
      // A page of another part of the house may not be written yet; that it is there is asked elsewhere.
      if (existsSync(join(root, target)))
        expect([link, anchors(read(target))]).toEqual([link, expect.arrayContaining([anchor])])
    }
  })

  it('leads to files of its own folder and of runner/ that are there', () => {
    for (const [, path = ''] of read(`docs/${name}`).matchAll(/\]\((?!https?:)([^)#\s]+)/g)) {
      const target = join(root, 'docs', path)
      if (!['docs', 'runner', 'workflows', 'manifests', 'clusters'].includes(dirname(target).split('/').at(-1) ?? ''))
        continue
      expect([path, existsSync(target)]).toEqual([path, true])
    }
  })
})

describe('the trust policies', () => {
  const rows = [
    ...read('docs/esc.md').matchAll(/^\| [^|]+ \| `(oceanid[a-z-]*)` \| `([a-z-]+\.yml)` \| `([a-z-]+)` \|/gm),
  ]

  it('are one for each call of a reusable workflow with an environment', () => {
    expect(calls.length).toBeGreaterThan(4)
    const wanted = calls.map(({ file, environment, runner }) =>
      [environment, file, runner?.includes('self-hosted') ? 'self-hosted' : 'github-hosted'].join(' '),
    )
    expect(rows.map(([, environment, file, runner]) => [environment, file, runner].join(' ')).sort()).toEqual(
      wanted.sort(),
    )
  })

  it('as code ask for the same claims, and let no star in', () => {
    const [code = ''] = /^name: oceanid-trust\n[\s\S]*?(?=^```)/m.exec(read('docs/esc.md')) ?? []
    const { resources } = parse(code) as {
      resources: { github: { properties: { policies: { rules: Record<string, string> }[] } } }
    }
    const { policies } = resources.github.properties
    expect(policies.length).toBeGreaterThan(1)
    for (const { rules } of policies) {
      expect(Object.keys(rules)).toEqual(Object.keys(policies[0]?.rules ?? {}))
      expect(Object.values(rules).join(' ')).not.toContain('*')
    }
  })
})

describe('the guide for deployments', () => {
  const guide = read('docs/deploy.md')

  it('has a row for every environment that a workflow uses', () => {
    for (const { environment } of calls) expect(guide).toMatch(new RegExp(`^\\| \`${environment}\` \\|`, 'm'))
  })

  it('names secrets and variables that the workflows have', () => {
    const workflows = ['deploy', 'deploy-cluster', 'nightly']
      .map((name) => read(`.github/workflows/${name}.yml`))
      .join('\n')
    for (const name of ['PULUMI_CONFIG_PASSPHRASE', 'PULUMI_ACCESS_TOKEN', 'TUNNEL_KEY']) {
      expect(guide).toContain(`\`${name}\``)
      expect(workflows).toContain(name)
    }
    for (const name of ['PULUMI_DRIFT', 'PULUMI_PREVIEW', 'TETHYS_KNOWN_HOSTS']) {
      expect(guide).toContain(`\`${name}\``)
      expect(workflows).toContain(`vars.${name}`)
    }
  })

  it('names failures that there are', () => {
    const model = read('src/pulumi/model.ts')
    const named = [...guide.matchAll(/`(pulumi-(?:locked|drift|cancelled|timeout|failed|[a-z]+))`/g)].map(
      ([, code = '']) => code,
    )
    for (const code of named.filter((one) => one !== 'pulumi-install')) expect(model).toContain(`'${code}'`)
  })
})
