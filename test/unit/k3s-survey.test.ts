import { describe, expect, it } from '@jest/globals'
import { surveyInstallation } from '../../src/k3s/survey.ts'

const nothing = {
  configFiles: [],
  changedSinceStart: [],
  hasNodePassword: false,
  hasServerUnit: false,
  templates: [],
  settings: [],
  hasSelinuxPolicy: false,
}

describe('reading the survey', () => {
  it('finds nothing where nothing was said', () => {
    expect(surveyInstallation([])).toEqual(nothing)
    expect(surveyInstallation([{ fact: 'os' }, {}])).toEqual(nothing)
  })

  it('takes whatever a host says for data of the right shape', () => {
    const found = surveyInstallation([
      {
        fact: 'k3s.unit',
        name: ['x'],
        arguments: 7,
        enabled: 'true',
        restarts: -1,
        needs_reload: 1,
        active: 'a'.repeat(1000),
      },
      { fact: 'k3s.environment', keys: '', token_kind: 'harmless', url: { a: 1 } },
      { fact: 'k3s.node-password', present: 'yes' },
      { fact: 'k3s.binary', version: 'v'.repeat(1000) },
      ...Array.from({ length: 500 }, () => ({ fact: 'k3s.config', path: '/x', keys: 'a b' })),
    ])
    expect(found.unit).toEqual({
      name: '',
      path: '',
      sha256: '',
      arguments: [],
      activeState: 'a'.repeat(64),
      subState: '',
      isEnabled: false,
      restarts: 0,
      needsReload: false,
    })
    expect(found.environment).toMatchObject({ keys: [], url: '', tokenKind: 'short' })
    expect(found.binary?.version).toHaveLength(128)
    expect(found.hasNodePassword).toBe(false)
    expect(found.configFiles).toHaveLength(64)
  })

  it('lets the first line count where there can be only one', () => {
    const found = surveyInstallation([
      { fact: 'k3s.unit', name: 'k3s-agent', arguments: 'agent\n--x' },
      { fact: 'k3s.unit', name: 'k3s' },
    ])
    expect(found.unit).toMatchObject({ name: 'k3s-agent', arguments: ['agent', '--x'] })
  })
})
