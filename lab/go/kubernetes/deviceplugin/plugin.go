// Package deviceplugin is a stand-in of NVIDIA's device plugin: it offers devices that do not exist, by their names only, to
// a real kubelet over the real interface. What can be seen with it is what the kubelet, the API server and the scheduler do
// with an extended resource; nothing about drivers, libraries or device files.
package deviceplugin

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	api "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

const (
	registrationTimeout = 5 * time.Second
	// The kubelet's socket may exist before anybody listens on it, and after its kubelet was killed.
	retryAfter = 500 * time.Millisecond
)

type options struct {
	resource  string
	devices   []string
	directory string
}

// NewCommand returns the program.
func NewCommand() *cobra.Command {
	o := options{}
	command := &cobra.Command{
		Use:   "device-plugin --resource NAME --devices ID[,ID]...",
		Short: "Stand-in of NVIDIA's device plugin: registers devices that do not exist with the kubelet",
		Long: "Stand-in of NVIDIA's device plugin for a machine without a GPU.\n\n" +
			"Registers the resource with the kubelet, reports every device as healthy, and sets NVIDIA_VISIBLE_DEVICES in\n" +
			"the containers that get one. Registers again whenever a kubelet makes its socket anew. Ends on SIGTERM.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return run(ctx, o)
		},
	}
	command.Flags().StringVar(&o.resource, "resource", "nvidia.com/gpu", "name of the extended resource")
	command.Flags().StringSliceVar(&o.devices, "devices", nil, "names of the devices, e.g. GPU-a,GPU-b; none: the resource is registered with 0")
	command.Flags().StringVar(&o.directory, "directory", api.DevicePluginPath, "folder of the kubelet's socket and the plugin's own")
	return command
}

// Serve offers the devices to the kubelet of this machine until the context ends.
func Serve(ctx context.Context, resource string, devices []string) error {
	return run(ctx, options{resource: resource, devices: devices, directory: api.DevicePluginPath})
}

// run serves until the context ends, and starts over whenever the kubelet did.
func run(ctx context.Context, o options) error {
	log.SetPrefix("stand-in device plugin: ")
	// The time is written by the writer that every program in this file shares.
	log.SetFlags(log.Lmsgprefix)
	if len(o.devices) == 0 {
		log.Print("no devices: the resource is registered with none")
	}
	for ctx.Err() == nil {
		if !exists(o.directory) {
			// The folder is the kubelet's to make. Making it here would leave it behind on a machine that has none.
			wait(ctx, retryAfter)
			continue
		}
		if err := session(ctx, o); err != nil {
			return err
		}
	}
	log.Print("ended")
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func wait(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}

// session is the time from one kubelet to the next.
func session(ctx context.Context, o options) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	if err := watcher.Add(o.directory); errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	own := filepath.Join(o.directory, "stand-in-"+strings.NewReplacer("/", "-", ".", "-").Replace(o.resource)+".sock")
	theirs := filepath.Join(o.directory, filepath.Base(api.KubeletSocket))
	if err = os.Remove(own); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", own)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	server := grpc.NewServer()
	api.RegisterDevicePluginServer(server, &plugin{options: o, ended: ctx.Done()})
	go server.Serve(listener) //nolint:errcheck // ends with Stop below
	defer server.Stop()
	defer end()

	retry := time.NewTimer(0)
	defer retry.Stop()
	waiting := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case event, open := <-watcher.Events:
			if !open {
				return errors.New("the folder's watcher ended")
			}
			if event.Name == theirs && event.Has(fsnotify.Create) {
				log.Print("the kubelet started anew")
				return nil
			}
			if event.Name == filepath.Clean(o.directory) && event.Has(fsnotify.Remove) {
				log.Printf("%s is gone", o.directory)
				return nil
			}
		case err := <-watcher.Errors:
			return fmt.Errorf("watching %s: %w", o.directory, err)
		case <-retry.C:
			err := register(ctx, o, theirs, filepath.Base(own))
			if err == nil {
				log.Printf("registered %s with %d devices: %s", o.resource, len(o.devices), strings.Join(o.devices, ","))
				break
			}
			if !waiting {
				log.Printf("waiting for the kubelet: %v", err)
				waiting = true
			}
			retry.Reset(retryAfter)
		}
	}
}

func register(ctx context.Context, o options, socket, endpoint string) error {
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, registrationTimeout)
	defer cancel()
	_, err = api.NewRegistrationClient(connection).Register(ctx, &api.RegisterRequest{
		Version:      api.Version,
		Endpoint:     endpoint,
		ResourceName: o.resource,
		Options:      &api.DevicePluginOptions{},
	})
	return err
}
