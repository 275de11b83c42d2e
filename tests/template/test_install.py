# SPDX-License-Identifier: MIT
# An installation builds a module with nothing from the checkout. MPYLINK_BUILD names the build folder
# that is installed for the test.

import os
import subprocess

from project import ROOT, Project, main


class Installation(Project):
    LINK_RUNTIME = 1

    def test_module_from_an_installation(self):
        build = os.environ.get("MPYLINK_BUILD")
        if not build:
            self.skipTest("MPYLINK_BUILD is not set")
        prefix = self.base / "prefix"
        install = ["cmake", "--install", build, "--prefix", str(prefix)]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        for file in ("man/man1/{}.1", "bash-completion/completions/{}"):
            for program in ("mpylink", "mpydump"):
                self.assertIn(program, (prefix / "share" / file.format(program)).read_text())
        template = prefix / "share/mpylink/templates/mpylink.mk"
        self.assertTrue(template.exists())
        self.write("main.c", (ROOT / "examples/factorial/factorial.c").read_text())
        self.makefile(src="main.c", template=template)
        output = self.make("V=1", mpylink=None)
        self.assertIn(f"{prefix}/bin/mpylink -arch x64", output)
        self.assertNotIn(str(ROOT / "abi"), output)
        self.assertTrue(self.read("m.mpy").startswith(b"M\x06"))


if __name__ == "__main__":
    main()
