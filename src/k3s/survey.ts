import type { ScriptLine } from '../host/index.ts'
import type { K3sInstallation, TokenKind } from './model.ts'
import { scripts } from './scripts.generated.ts'

/** k3s's part of the survey, appended to the generic one; defines `survey_distribution`. */
export const surveyFragment: string = [scripts['unit-file'], scripts['survey-settings'], scripts.survey].join('\n')

/** A host has a handful of configuration files; more of them are not worth reading. */
const most = 64
const settingKeys = ['node-label', 'node-taint', 'kubelet-arg'] as const
const longestText = 64 * 1024

function text(line: ScriptLine, key: string, longest = 4096): string {
  const value = line[key]
  return typeof value === 'string' ? value.slice(0, longest) : ''
}

function words(line: ScriptLine, key: string, separator: string): string[] {
  const value = text(line, key, longestText)
  return value === '' ? [] : value.split(separator)
}

function count(line: ScriptLine, key: string): number {
  const value = line[key]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

const tokenKinds: readonly TokenKind[] = ['none', 'server', 'agent', 'bootstrap', 'short']

/** An unknown kind is treated like the most dangerous one that a host could hide: nobody's token is taken for harmless. */
function tokenKind(line: ScriptLine): TokenKind {
  return tokenKinds.find((kind) => kind === line.token_kind) ?? 'short'
}

/**
 * Reads the `k3s.…` lines of the survey (scripts/survey.sh). Everything in them was said by the host and is data: texts
 * are cut, numbers that are none become 0, what is missing is not there. Pure; never throws.
 */
export function surveyInstallation(lines: readonly ScriptLine[]): K3sInstallation {
  const all = (name: string) => lines.filter((line) => line.fact === `k3s.${name}`).slice(0, most)
  const one = (name: string) => lines.find((line) => line.fact === `k3s.${name}`)
  const binary = one('binary')
  const unit = one('unit')
  const environment = one('environment')
  const own = one('own-config')
  return {
    ...(binary && {
      binary: { path: text(binary, 'path'), version: text(binary, 'version', 128), sha256: text(binary, 'sha256', 64) },
    }),
    ...(unit && {
      unit: {
        name: text(unit, 'name', 256),
        path: text(unit, 'path'),
        sha256: text(unit, 'sha256', 64),
        arguments: words(unit, 'arguments', '\n'),
        activeState: text(unit, 'active', 64),
        subState: text(unit, 'sub', 64),
        isEnabled: unit.enabled === true,
        restarts: count(unit, 'restarts'),
        needsReload: unit.needs_reload === true,
      },
    }),
    hasServerUnit: one('server-unit')?.present === true,
    changedSinceStart: all('changed').map((line) => text(line, 'path')),
    ...(environment && {
      environment: {
        path: text(environment, 'path'),
        sha256: text(environment, 'sha256', 64),
        mode: text(environment, 'mode', 8),
        keys: words(environment, 'keys', ' '),
        url: text(environment, 'url'),
        tokenKind: tokenKind(environment),
      },
    }),
    configFiles: all('config').map((line) => ({
      path: text(line, 'path'),
      sha256: text(line, 'sha256', 64),
      mode: text(line, 'mode', 8),
      keys: words(line, 'keys', ' '),
    })),
    settings: all('setting').flatMap((line) => {
      const key = settingKeys.find((one) => one === line.key)
      if (key === undefined) return []
      const values = text(line, 'values', 2 * longestText).split('\u0001')
      const setting = { path: text(line, 'path'), key, isAdded: line.added === true }
      return ['', ...values.filter((value) => value !== '')].map((value) => ({ ...setting, value }))
    }),
    hasSelinuxPolicy: one('selinux-policy')?.present === true,
    ...(own && { ownConfig: text(own, 'text', longestText) }),
    hasNodePassword: one('node-password')?.present === true,
    templates: all('template').map((line) => ({
      path: text(line, 'path'),
      sha256: text(line, 'sha256', 64),
      hasBaseTemplate: line.base === true,
    })),
  }
}
