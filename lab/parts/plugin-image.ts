/** The image of the device plugin's stand-in. It is apart from the other images: only who looks at GPUs loads it onto a machine. */
import { chmod, copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Recipe } from './cache.ts'
import { pluginProgram } from './go.ts'
import { searchPath, writeArchive } from './images.ts'

export const pluginImageName = 'docker.io/lab/nvidia-device-plugin:1'
export const pluginImageFile = 'nvidia-device-plugin.tar'

/**
 * Folder: nvidia-device-plugin.tar. Program, user and environment as in the real image (NVIDIA/k8s-device-plugin
 * deployments/container/Dockerfile): it is by this environment that nvidia-container-runtime hands the driver to the plugin.
 * @param kubernetes folder of the Go programs
 */
export function pluginImageRecipe(kubernetes: string): Recipe {
  return {
    part: 'plugin-image',
    title: "image of the device plugin's stand-in",
    from: ['1', pluginImageName, basename(kubernetes)],
    async make(workshop, folder) {
      const image = {
        file: pluginImageFile,
        name: pluginImageName,
        config: {
          Entrypoint: [pluginProgram],
          User: '0:0',
          Env: [
            searchPath,
            'NVIDIA_DISABLE_REQUIRE=true',
            'NVIDIA_VISIBLE_DEVICES=all',
            'NVIDIA_DRIVER_CAPABILITIES=compute,utility',
          ],
          WorkingDir: '/',
        },
        async lay(layer: string) {
          const program = join(layer, 'usr', 'bin', pluginProgram)
          await mkdir(join(layer, 'usr', 'bin'), { recursive: true })
          await copyFile(join(kubernetes, pluginProgram), program)
          await chmod(program, 0o755)
        },
      }
      await writeArchive(workshop, image, folder)
    },
  }
}
