import type { K3sInstallation } from './model.ts'

/** What is installed, for the report's facts: name → value. Never a secret: the survey does not bring any. */
export function describeInstallation(found: K3sInstallation): Readonly<Record<string, string>> {
  const { binary, unit, environment } = found
  return {
    'k3s program': binary ? `${binary.version || 'unknown version'} at ${binary.path}` : 'not installed',
    'k3s unit': unit
      ? `${unit.name} ${unit.activeState} (${unit.subState}), ${unit.isEnabled ? 'enabled' : 'not enabled'}, arguments: ${unit.arguments.join(' ') || 'none'}`
      : 'not installed',
    ...(environment
      ? { 'k3s env file': `${environment.path}: ${environment.keys.join(', ')}; token kind: ${environment.tokenKind}` }
      : {}),
    ...(found.configFiles.length > 0
      ? { 'k3s configuration': found.configFiles.map((file) => `${file.path} (${file.keys.join(', ')})`).join('; ') }
      : {}),
    ...(found.templates.length > 0
      ? {
          'containerd templates': found.templates
            .map((one) => `${one.path}${one.hasBaseTemplate ? '' : ' (replaces the built-in one)'}`)
            .join('; '),
        }
      : {}),
  }
}
