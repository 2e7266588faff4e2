"""Says, as JSON, what the server's python backend must know about this Python: its version, and where its library is.

libpython and the standard library must come from the same Python, or the backend's stub does not start.
"""

import importlib.util
import json
import os
import sysconfig

name = sysconfig.get_config_var("INSTSONAME") or ""
folders = [sysconfig.get_config_var("LIBDIR") or ""]
folders.append(os.path.join(folders[0], sysconfig.get_config_var("MULTIARCH") or ""))
library = next((folder for folder in folders if name.startswith("libpython") and os.path.isfile(os.path.join(folder, name))), "")
print(
    json.dumps(
        {
            "version": sysconfig.get_python_version(),
            "library": library,
            "pip": importlib.util.find_spec("pip") is not None,
        }
    )
)
