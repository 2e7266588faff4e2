import { randomUUID } from 'node:crypto'
import { type Dirent, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { within } from './deadline.ts'
import { RunnerError } from './errors.ts'
import type { Download, ToolCache } from './model.ts'

/** For one file with all attempts: 80 MB at 1 Mbit/s. A server that keeps sending single bytes never meets a limit on silence. */
const downloadDeadlineMs = 10 * 60_000

/**
 * Downloads into a file of its own below `temporaryDirectory`, with tool-cache's three attempts.
 * Its waits cannot be interrupted, so a cancelled run stops listening and leaves the rest to the end of the process.
 */
export function downloadPort(temporaryDirectory: string, deadlineMs = downloadDeadlineMs): Download {
  return async (url, signal) => {
    signal.throwIfAborted()
    const { downloadTool } = await import('@actions/tool-cache')
    try {
      const file = join(temporaryDirectory, `download-${randomUUID()}`)
      const outcome = await within(deadlineMs, signal, () => downloadTool(url, file))
      if (!outcome.isLate) return outcome.value
      throw new RunnerError('download-failed', `${url} could not be downloaded to the runner`, {
        cause: `it was not complete after ${deadlineMs / 1000} s: the connection is slow, or something in between holds it`,
        remedy: 'check the runner’s connection to this address (proxy, bandwidth), then run it again',
        evidence: [`${url}: stopped after ${deadlineMs} ms`],
      })
    } catch (error) {
      if (error instanceof RunnerError) throw error
      if (signal.aborted) throw signal.reason
      const status = (error as { httpStatusCode?: number }).httpStatusCode
      const text = error instanceof Error ? error.message : String(error)
      throw new RunnerError('download-failed', `${url} could not be downloaded to the runner`, {
        cause: status === undefined ? text : `the server answered ${status}`,
        remedy:
          status === 404 || status === 410
            ? 'check the version: this file does not exist'
            : 'check that the runner reaches this address (proxy, firewall), then run it again',
        evidence: [text],
      })
    }
  }
}

/**
 * The runner's tool cache. `find` looks where @actions/tool-cache puts things, without loading it: most runs find what
 * they need, and the port is synchronous. Without RUNNER_TOOL_CACHE nothing is found and nothing is kept.
 */
export function toolCachePort(cacheDirectory: string): ToolCache {
  return {
    find(tool, version, architecture) {
      if (cacheDirectory === '') return undefined
      const folder = join(cacheDirectory, tool, version, architecture)
      if (!existsSync(`${folder}.complete`)) return undefined
      // `add` keeps one file in each folder; anything else there is not ours.
      const [entry, ...others] = readEntries(folder)
      return entry?.isFile() && others.length === 0 ? join(folder, entry.name) : undefined
    },
    async add(file, name, tool, version, architecture) {
      if (cacheDirectory === '') return file
      const { cacheFile } = await import('@actions/tool-cache')
      return join(await cacheFile(file, name, tool, version, architecture), name)
    },
  }
}

function readEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
