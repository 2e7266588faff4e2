/** Pulumi.yaml and Pulumi.<stack>.yaml of the working directory. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Crypter, crypterFor } from './crypter.ts'
import { Stop } from './stop.ts'

export interface Project {
  readonly name: string
  readonly folder: string
  /** The file that the program begins with. */
  readonly entry: string
}

export interface Configuration {
  readonly crypter: Crypter
  readonly values: Readonly<Record<string, { readonly value: string; readonly isSecret: boolean }>>
}

const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

export function readProject(folder: string): Project {
  const file = join(folder, 'Pulumi.yaml')
  if (!existsSync(file))
    throw new Stop(
      `no Pulumi.yaml project file found (searching upwards from ${folder}). If you have not created a project yet, use \`pulumi new\` to do so: no project file found`,
    )
  const { name, main } = object(parse(readFileSync(file, 'utf8')))
  const manifest = join(folder, 'package.json')
  const stated = main ?? (existsSync(manifest) ? object(JSON.parse(readFileSync(manifest, 'utf8'))).main : undefined)
  return { name: String(name), folder, entry: join(folder, String(stated ?? 'index.ts')) }
}

/**
 * The configuration of a stack, decrypted.
 * Texts: pkg/cmd/pulumi/config/io.go ("getting stack configuration: get stack secrets manager: …"), pkg/secrets/passphrase/manager.go.
 */
export function readConfiguration(folder: string, stack: string, environment: NodeJS.ProcessEnv): Configuration {
  const fail = (reason: string): never => {
    throw new Stop(`getting stack configuration: get stack secrets manager: ${reason}`)
  }
  const file = join(folder, `Pulumi.${stack}.yaml`)
  const document = existsSync(file) ? object(parse(readFileSync(file, 'utf8'))) : {}
  const { PULUMI_CONFIG_PASSPHRASE: passphrase } = environment
  if (passphrase === undefined)
    fail('passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables')
  const crypter = crypterFor(passphrase ?? '', String(document.encryptionsalt ?? '')) ?? fail('incorrect passphrase')
  const values = Object.entries(object(document.config)).map(([key, given]) => {
    const { secure } = object(given)
    return typeof secure === 'string'
      ? ([key, { value: crypter.decrypt(secure), isSecret: true }] as const)
      : ([key, { value: String(given), isSecret: false }] as const)
  })
  return { crypter, values: Object.fromEntries(values) }
}
