// Command nvidia-device-plugin is a stand-in of NVIDIA's device plugin as it runs in its image: it offers the GPUs of the
// driver's library, and without that library it says what the real one says and fails. The library is not its own: it is
// there when the container was started by nvidia-container-runtime, and that is what can be seen with it. In the lab the
// library is a text with the UUID of one GPU in each line.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"k3s-gpu-actions.invalid/lab/kubernetes/deviceplugin"
)

const (
	library  = "libnvidia-ml.so.1"
	resource = "nvidia.com/gpu"
)

// Where the dynamic linker of a Debian looks, on both architectures.
var folders = []string{"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	devices, found := readDevices()
	if !found {
		// Words of NVIDIA/k8s-device-plugin internal/rm/factory.go, as they were reported from k3s.
		fmt.Fprintln(os.Stderr, "Incompatible strategy detected auto")
		fmt.Fprintln(os.Stderr, "If this is a GPU node, did you configure the NVIDIA Container Toolkit?")
		if os.Getenv("FAIL_ON_INIT_ERROR") != "false" {
			fmt.Fprintln(os.Stderr, "error starting plugins: error creating plugin manager: unable to create plugin manager: invalid device discovery strategy")
			os.Exit(1)
		}
	}
	if len(devices) == 0 {
		fmt.Fprintln(os.Stderr, "No devices found. Waiting indefinitely.")
		<-ctx.Done()
		return
	}
	if err := deviceplugin.Serve(ctx, resource, devices); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func readDevices() (devices []string, found bool) {
	for _, folder := range folders {
		file, err := os.Open(folder + "/" + library)
		if err != nil {
			continue
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "GPU-") {
				devices = append(devices, line)
			}
		}
		return devices, true
	}
	return nil, false
}
