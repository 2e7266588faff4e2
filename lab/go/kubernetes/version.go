package main

import (
	"os"
	"sync/atomic"
	_ "unsafe" // for go:linkname

	_ "k8s.io/component-base/version"
)

// What Kubernetes' programs report as their version. They can be told another one only as far as its first three numbers
// are those that they were built with; a k3s that is played has numbers of its own.
//
//go:linkname reported k8s.io/component-base/version.dynamicGitVersion
var reported atomic.Value

func init() {
	if version := os.Getenv("LAB_KUBERNETES_VERSION"); version != "" {
		reported.Store(version)
	}
}
