# SPDX-License-Identifier: MIT
"""The entry function, undefined and duplicate symbols, and what a module cannot hold."""

import unittest

from harness import INIT, M0, M4, X64, X64_CXX, X86, LinkerTest

CLASH = ">>> hint: rename one, or make it static, inline or weak"
NOTHING_KNOWN = "link the object or archive that defines it"


def undefined(place, symbol, hint, *references):
    lines = [f"mpylink: error: {place}: undefined symbol: {symbol} [undefined-symbol]"]
    lines += [f">>> referenced by: {reference}" for reference in references]
    return "\n".join([*lines, f">>> hint: {hint}", ""])


class Entry(LinkerTest):
    def missing(self, name, hint, entry="mpy_init", arguments=""):
        self.fails(
            f"{name} {arguments}",
            f"""
            mpylink: error: {name}: no object defines the module's entry function {entry} [no-entry]
            >>> hint: {hint}
            """,
        )

    def test_missing(self):
        signature = "mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args"
        name = self.compile(X64, "a.c", "int f(void) { return 0; }")
        self.missing(name, f"define it: mp_obj_t mpy_init({signature})")
        self.missing(name, f"define it: mp_obj_t start({signature})", "start", "-entry start")
        self.links("a.o -entry f")

    def test_static(self):
        name = self.compile(X64, "a.c", "__attribute__((used)) static " + INIT)
        self.missing(name, "it is static in a.o: remove 'static'")

    def test_mangled(self):
        name = self.compile(X64_CXX, "a.cpp", "int mpy_init(int *a, char b) { return *a + b; }")
        self.missing(name, 'it is defined as a C++ function: declare it extern "C"')

    def test_not_a_function(self):
        for name, source in (
            ("a.c", "int mpy_init = 5;"),
            ("a.c", "int mpy_init;"),
            ("a.c", 'const char mpy_init[] = "text";'),
            ("a.s", ".section .comment\n.globl mpy_init\nmpy_init: .byte 0\n"),
            ("a.s", ".globl mpy_init\nmpy_init = 0x1234\n"),
        ):
            self.compile(X64, name, source)
            self.fails(
                "a.o",
                """
                mpylink: error: a.o: mpy_init is not a function [no-entry]
                >>> hint: the module's entry must be a function in an executable section
                """,
            )


class Undefined(LinkerTest):
    def test_options(self):
        self.compile(X64, "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.compile(X64, "b.c", "int f(void) { return 1; }")
        self.links("a.o b.o -u nothing --undefined=f")
        # Archives are searched for what the options name.
        self.compile(X64, "w.c", "int __real_f(void); int __wrap_f(void) { return __real_f(); }")
        self.compile(X64, "r.c", "int gone(void); int required = 1; int other(void) { return gone(); }")
        self.run_tool("ar", "rcs", "lib.a", "b.o", "w.o", "r.o")
        self.links("a.o -l lib.a -wrap f --defsym=g=f+1 -u g")
        for option in ("-u required", "-require-defined=required", "--defsym x=required -u x"):
            result = self.link(f"a.o -l lib.a {option} -Map - -o out.mpy")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertRegex(result.stdout, r"lib\.a\(r\.o\)")
        self.fails(
            "a.o b.o -require-defined=nothing -wrap f --defsym g=h+4",
            """
            mpylink: error: undefined symbol: h [undefined-symbol]
            >>> hint: -defsym g needs it: define it, or correct the option
            mpylink: error: undefined symbol: __wrap_f [undefined-symbol]
            >>> hint: -wrap needs it: define it, or leave the option out
            mpylink: error: undefined symbol: nothing [undefined-symbol]
            >>> hint: -require-defined asks for it: define it, or leave the option out
            """,
        )
        self.fails(
            "a.o b.o --defsym=g=memcpy+4",
            """
            mpylink: error: -defsym g: only the start of memcpy can be named, because it is in the firmware or made by the linker [unsupported-symbol]
            >>> hint: leave the number out
            """,
        )

    def one(self, symbol, hint):
        self.compile(X64, "a.c", f"int {symbol}(); int mpy_init(void) {{ return {symbol}(); }}")
        self.fails("a.o", undefined("a.o:(.text+0x*)", symbol, hint, "mpy_init"))

    def test_firmware_function(self):
        self.one("mp_obj_new_imt", "did you mean mp_obj_new_int?")
        self.one("mp_obj_getint", "did you mean mp_obj_get_int?")
        self.one("m_mallocx", "did you mean m_malloc?")
        self.one(
            "mp_hal_delay_ms",
            "the firmware does not offer this function to modules: docs/abi.md lists what it does",
        )
        self.one(
            "MP_QSTR_hello",
            "the qstr is not in the header made by mpylink -preprocess: list the source file there",
        )

    def test_library_function(self):
        by_hand = "by hand: -l with the path that the compiler prints for"
        self.one(
            "sinf",
            "it is usually in libm; templates/mpylink.mk links what the compiler has of it, for x86 and x64 that of "
            "musl (the package musl-dev); "
            f"{by_hand} -print-file-name=libm.a",
        )
        for name in ("__aeabi_idiv", "__udivdi3", "__muldf3"):
            self.one(
                name,
                "it is usually in libgcc; templates/mpylink.mk links what the compiler has of it; "
                f"{by_hand} -print-libgcc-file-name",
            )
        for name in ("strlen", "memcmp", "isdigit", "toupper", "qsort", "snprintf"):
            self.one(name, "templates/mpylink.mk brings one (abi/runtime), unless LINK_RUNTIME=0")
        for name in ("getenv", "memmem", "fopen"):
            self.one(
                name,
                "it is usually in libc; templates/mpylink.mk links what the compiler has of it, but for x86 and x64, where "
                "there is none for modules: define the function yourself; "
                f"{by_hand} -print-file-name=libc.a",
            )
        self.one("printf", "templates/mpylink.mk brings one (abi/runtime); else print with mp_printf(&mp_plat_print, ...)")
        self.one(
            "malloc",
            "templates/mpylink.mk brings one (abi/runtime); else take memory from MicroPython's heap with m_malloc, m_realloc and m_free",
        )
        self.one(
            "__stack_chk_fail",
            "it is usually in the stack protector; compile with -fno-stack-protector",
        )

    def test_own_function(self):
        for name in ("foo", "toggle_led", "is_ready", "island", "strange_thing", "memory_map"):
            self.one(name, NOTHING_KNOWN)

    def test_static_elsewhere(self):
        self.compile(X64, "b.c", "__attribute__((used)) static int f(void) { return 1; }")
        self.compile(X64, "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.fails(
            "a.o b.o",
            undefined(
                "a.o:(.text+0x*)", "f", "it is defined in b.o, but static there", "mpy_init"
            ),
        )

    def test_extern_c_missing_in_the_definition(self):
        self.compile(X64_CXX, "b.cpp", "int f(int x) { return x; }")
        self.compile(X64, "a.c", "int f(int); int mpy_init(void) { return f(1); }")
        hint = 'did you mean to declare it extern "C"? b.o defines f(int)'
        self.fails("a.o b.o", undefined("a.o:(.text+0x*)", "f", hint, "mpy_init"))

    def test_extern_c_missing_in_the_use(self):
        self.compile(X64, "b.c", "int f(int x) { return x; }")
        self.compile(
            X64_CXX, "a.cpp", 'int f(int); extern "C" int mpy_init(void) { return f(1); }'
        )
        hint = 'did you mean to declare it extern "C"? b.o defines f'
        self.fails("a.o b.o", undefined("a.o:(.text+0x*)", "f(int)", hint, "mpy_init"))

    def test_demangled(self):
        source = """
            namespace space { struct S { int f(const char *) const; }; extern S s; }
            extern "C" int mpy_init(void) { return space::s.f("x"); }
            """
        self.compile(X64_CXX, "a.cpp", source)
        self.fails(
            "a.o",
            undefined("a.o:(.text+0x*)", "space::s", NOTHING_KNOWN, "mpy_init")
            + undefined(
                "a.o:(.text+0x*)", "space::S::f(char const*) const", NOTHING_KNOWN, "mpy_init"
            ),
        )

    def test_cxx_exception(self):
        self.compile(f"{X64_CXX} -fno-reorder-functions", "a.cpp", 'extern "C" int mpy_init(void) { throw 3; }')
        python = "compile with -fno-exceptions and raise Python exceptions, for example with mp_raise_ValueError"
        types = (
            "it is usually in libsupc++; compile with -fno-exceptions -fno-rtti; or for dynamic_cast and typeid link "
            "it: -l with the path that the compiler prints for -print-file-name=libsupc++.a"
        )
        self.fails(
            "a.o",
            undefined("a.o:(.text+0x*)", "__cxa_allocate_exception", python, "mpy_init")
            + undefined("a.o:(.text+0x*)", "typeinfo for int", types, "mpy_init")
            + undefined("a.o:(.text+0x*)", "__cxa_throw", python, "mpy_init"),
        )

    def test_source_lines(self):
        source = "int f(void);\n\nint mpy_init(void) {\n  return\n    f();\n}\n"
        for compiler in (X64, X86, M4, M0, X64_CXX):
            for version in (2, 3, 4, 5):
                text = source
                if compiler == X64_CXX:
                    text = source.replace("\n", ' extern "C"\n', 2).replace("int f", 'extern "C" int f')
                    text = text.replace(' extern "C"\n', "\n", 1).replace(' extern "C"\n', 'extern "C"\n')
                self.compile(f"{compiler} -gdwarf-{version}", "dir/a.c", text)
                self.fails(
                    "dir/a.o",
                    undefined("dir/a.o:(.text+0x*)", "f", NOTHING_KNOWN, "dir/a.c:5 (mpy_init)"),
                )

    def test_lines_of_several_units_and_sections(self):
        sections = f"{X64} -g -ffunction-sections"
        self.compile(sections, "a.c", "int f(void);\n\nint g(void) { return f(); }")
        self.compile(sections, "b.c", "int f(void), g(void);\nint mpy_init(void) { return f() + g(); }")
        self.run_tool("gcc", "-r", "-nostdlib", "a.o", "b.o", "-o", "both.o")
        self.fails(
            "both.o",
            undefined("both.o:(.text.g+0x*)", "f", NOTHING_KNOWN, "a.c:3 (g)", "b.c:2 (mpy_init)"),
        )

    def test_many_references(self):
        calls = "\n".join("+ f()" for _ in range(6))
        source = f"int f(void);\nint mpy_init(void) {{ return 0\n{calls}; }}"
        self.compile(X64 + " -g", "a.c", source)
        places = [f"a.c:{line} (mpy_init)" for line in (3, 4, 5)]
        self.fails(
            "a.o",
            undefined("a.o:(.text+0x*)", "f", NOTHING_KNOWN, *places, "3 more places"),
        )
        # Without lines the function is told once.
        self.compile(X64, "a.c", source)
        self.fails("a.o", undefined("a.o:(.text+0x*)", "f", NOTHING_KNOWN, "mpy_init"))

    def test_references_from_data(self):
        source = "int f(void); int (*table[])(void) = {f}; int mpy_init(void) { return table[0](); }"
        self.compile(X64, "a.c", source)
        self.fails("a.o", undefined("a.o:(.data.rel+0x0)", "f", NOTHING_KNOWN, "table"))

    def test_from_an_archive(self):
        self.compile(X64, "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.compile(X64, "f.c", "int missing(void); int f(void) { return missing(); }")
        self.run_tool("ar", "rcs", "lib.a", "f.o")
        self.fails("a.o lib.a", undefined("lib.a(f.o):(.text+0x*)", "missing", NOTHING_KNOWN, "f"))


class Duplicate(LinkerTest):
    def test_functions(self):
        self.compile(X64, "a.c", INIT + "int f(void) { return 1; }")
        self.compile(X64 + " -g", "b.c", "int one;\nint f(void) { return 2; }")
        self.fails(
            "a.o b.o",
            f"""
            mpylink: error: b.o:(.text+0x0): duplicate symbol: f [duplicate-symbol]
            >>> defined in: a.o:(.text+0x*), f
            >>> defined in: b.o:(.text+0x0), b.c:2 (f)
            {CLASH}
            """,
        )

    def test_several(self):
        source = "int f(int x) { return x; } int v = 1;"
        self.compile(X64, "a.c", INIT)
        self.compile(X64_CXX, "b.cpp", source)
        self.compile(X64_CXX, "c.cpp", source)
        self.compile(X64, "d.s", ".globl v\nv = 3\n")
        self.fails(
            "a.o b.o c.o d.o",
            f"""
            mpylink: error: c.o:(.text+0x0): duplicate symbol: f(int) [duplicate-symbol]
            >>> defined in: b.o:(.text+0x0), f(int)
            >>> defined in: c.o:(.text+0x0), f(int)
            {CLASH}
            mpylink: error: c.o:(.data+0x0): duplicate symbol: v [duplicate-symbol]
            >>> defined in: b.o:(.data+0x0), v
            >>> defined in: c.o:(.data+0x0), v
            {CLASH}
            mpylink: error: d.o: duplicate symbol: v [duplicate-symbol]
            >>> defined in: b.o:(.data+0x0), v
            >>> defined in: d.o
            {CLASH}
            """,
        )

    def test_in_archives(self):
        self.compile(X64, "a.c", "int x(void), y(void); int mpy_init(void) { return x() + y(); }")
        for name in "xy":
            self.compile(
                X64, f"{name}.c", f"int both(void) {{ return 1; }} int {name}(void) {{ return 2; }}"
            )
            self.run_tool("ar", "rcs", f"lib{name}.a", f"{name}.o")
        self.fails(
            "a.o libx.a -ly -L.",
            f"""
            mpylink: error: ./liby.a(y.o):(.text+0x0): duplicate symbol: both [duplicate-symbol]
            >>> defined in: libx.a(x.o):(.text+0x0), both
            >>> defined in: ./liby.a(y.o):(.text+0x0), both
            {CLASH}
            """,
        )


class Unsupported(LinkerTest):
    def test_constructors(self):
        source = """
            .globl mpy_init
            mpy_init: ret
            .data
            variable: .quad 0
            .section .init_array, "aw", @init_array
            .quad variable
            """
        self.compile(X64, "a.s", source)
        self.fails(
            "a.o",
            """
            mpylink: error: a.o:(.init_array+0x0): the list of constructors holds .data, which is no function of the module [unsupported-section]
            >>> hint: let the compiler make the list: __attribute__((constructor))
            """,
        )

    def test_ifunc(self):
        source = """
            static int one(void) { return 1; }
            static void *choose(void) { return one; }
            int f(void) __attribute__((ifunc("choose")));
            int mpy_init(void) { return f(); }
            """
        self.compile(X64, "a.c", source)
        self.fails(
            "a.o",
            """
            mpylink: error: a.o:(.text+0x*): R_X86_64_PLT32 against f: the function is chosen at run time (an ifunc), which needs a dynamic linker [unsupported-symbol]
            >>> referenced by: mpy_init
            >>> hint: define the function plainly, without the ifunc attribute, or link another library: glibc's static libraries are not for bare metal
            """,
        )

    def test_sections_that_are_left_out(self):
        for section in ('.eh_frame, "a", @progbits', '.debug_x, "", @progbits', '.note.x, "a", @note'):
            source = f"""
                .globl mpy_init
                mpy_init: .long v - .
                .section {section}
                v: .long 1
                """
            self.compile(X64, "a.s", source)
            name = section.split(",")[0]
            self.fails(
                "a.o",
                f"""
                mpylink: error: a.o:(.text+0x0): R_X86_64_PC32 against {name}: its section is not part of a module, like debug information, notes and unwind tables [unsupported-symbol]
                >>> hint: remove the code that reads the section at run time
                """,
            )

    def test_section_of_a_replaced_group(self):
        source = """
            .section .text.f, "axG", @progbits, f, comdat
            .weak f
            f: ret
            inside: ret
            .text
            .globl {0}
            {0}: .long inside - .
            call f
            ret
            """
        self.compile(X64, "a.s", source.format("mpy_init"))
        self.compile(X64, "b.s", source.format("g"))
        self.fails(
            "a.o b.o -no-gc-sections",
            """
            mpylink: error: b.o:(.text+0x0): R_X86_64_PC32 against inside: its section belongs to a COMDAT group of which another object's copy was taken [unsupported-symbol]
            >>> hint: compile all objects with the same compiler and options
            """,
        )


if __name__ == "__main__":
    unittest.main()
