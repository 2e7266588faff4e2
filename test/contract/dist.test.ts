import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '..', '..', '..')
const dist = join(root, 'dist')
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
  statSync(join(dist, name)).isFile(),
)

describe('dist', () => {
  it('holds JavaScript, package.json and licences only: nothing native, nothing for Windows, no shell', () => {
    expect(files.filter((name) => !/\.js$/.test(name) && name !== 'package.json' && name !== 'licenses.txt')).toEqual(
      [],
    )
  })

  it('is at most 6 MB', () => {
    const bytes = files.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0)
    expect(bytes).toBeLessThanOrEqual(6 * 1000 * 1000)
  })

  it('knows nothing of the rehearsal: no redirect hook, no way to send a bundle elsewhere', () => {
    const wrong = files.filter((name) =>
      /REHEARSAL_ENDPOINTS|Socket\.prototype\.connect\s*=/.test(readFileSync(join(dist, name), 'utf8')),
    )
    expect(wrong).toEqual([])
  })

  it('has a two-line stub for main of every action, and for post where it has one', () => {
    const actions = readdirSync(join(root, 'actions')).filter((name) =>
      existsSync(join(root, 'actions', name, 'action.yml')),
    )
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions) {
      // A tunnel lives on as a process of its own, with a stub of its own.
      const post = existsSync(join(root, 'actions', action, 'post.ts')) ? [['post.js', 'post']] : []
      const further = action === 'kubeconfig-esc' ? [['tunnel.js', 'tunnel']] : []
      for (const [file, stage] of [['index.js', 'main'], ...post, ...further]) {
        expect(readFileSync(join(dist, action, file ?? ''), 'utf8')).toBe(
          `import { run } from '../index.js'\nawait run('${action}', '${stage}')\n`,
        )
      }
    }
  })
})
