# ngx_consent: build, tests, demo, packages.
#
#   make                the module against the installed nginx, and consentctl
#   make test           everything that can be tested; installs what it needs
#   make demo           a portal to look at, on http://127.0.0.1:8080
#   make demo-cluster   the same behind two nodes and a balancer
#
# BUILD=dir             another build directory, so that two can stand side by side
# CC=clang              another compiler
# NGINX_SRC=tree        nginx itself too, from a source tree: the module inside,
#                       or with LINK=dynamic beside it; NGINX_FLAGS for configure
# SANITIZE=1            everything under ASan and UBSan, nginx included
# JOBS=n                how many compilers at once, as many as processors
# V=1                   show the commands

BUILD       ?= build
override BUILD := $(abspath $(BUILD))
VERSION     ?= 0.1.0
PREFIX      ?= /usr
MODULES_DIR ?= $(PREFIX)/lib/nginx/modules
NGINX_DEV   ?= /usr/share/nginx/src
NGINX_CACHE ?= build/source
FUZZ_SECONDS ?= 30
PORT        ?= 8080
JOBS        ?= $(shell nproc 2>/dev/null || echo 1)

# a -j on the command line goes before; what it starts shares its jobs
ifeq ($(MAKELEVEL),0)
MAKEFLAGS   += -j$(JOBS)
endif

ifeq ($(origin CC),default)
CC          := gcc
endif

Q           := $(if $(V),,@)
say          = $(if $(V),,@printf '  %-8s %s\n' $(1) $(2))

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all
.PHONY: all deps deps-build deps-test deps-fuzz deps-deb deps-demo deps-bench module ctl lib \
        test unit e2e browser sanitize fuzz bench demo demo-cluster install deb \
        clean FORCE


# The rooms of plain C, which know nothing of nginx. ROOMS="base policy" builds
# and tests fewer of them.

ROOMS       ?= base policy identity minimize disclose ledger cluster pages

lib_srcs    := $(sort $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.c)))
ctl_srcs    := $(sort $(wildcard src/ctl/*.c))
unit_srcs   := $(sort $(foreach r,$(ROOMS) ctl,$(wildcard tests/$(r)_*_test.c)))
fuzz_srcs   := $(sort $(wildcard tests/fuzz/*_fuzz.c))

WARN        := -Wall -Wextra -Wconversion -Werror
STD         := -std=c11 -D_GNU_SOURCE
OPT         := -O2
LIBS        := -ljwt -llmdb -lcrypto -lz -lhs -lhiredis

# nginx has ASan only: what UBSan says of its core is not ours to mend. Its
# pools give every allocation a block of its own, so that ASan sees its ends.

ifdef SANITIZE
OPT         := -O1 -fno-omit-frame-pointer
san_core    := -fsanitize=address
san         := $(san_core),undefined -fno-sanitize-recover=undefined

# with its checks in the way gcc guesses wrong; the plain build is strict
WARN        := $(filter-out -Werror,$(WARN)) -Wno-format-truncation
endif

# dpkg-buildflags' own hardening, as the distribution's modules are built
HARDEN      := -fstack-protector-strong -Wformat -Werror=format-security \
               -Wdate-time $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)

CONSENT_CFLAGS := $(STD) $(OPT) -g -fPIC -fno-semantic-interposition \
                  $(HARDEN) $(WARN) $(san) -I src $(CFLAGS)
CONSENT_LDFLAGS := $(san) -Wl,-z,relro -Wl,-z,now $(LDFLAGS)


all: module lib ctl

deps:
	@tools/deps build test fuzz demo bench deb

deps-build deps-test deps-fuzz deps-deb deps-demo deps-bench:
	@tools/deps $(@:deps-%=%)


# A file that changes only when what it says does, for all that depends on
# flags or on which files there are.

define remember
	@mkdir -p $(@D)
	@printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) > $@
endef

$(BUILD)/flags: FORCE
	$(call remember,'$(CC) $(CONSENT_CFLAGS) $(CONSENT_LDFLAGS)')

$(BUILD)/rooms: FORCE
	$(call remember,$(lib_srcs))


# libconsent.a and consentctl

lib_objs    := $(lib_srcs:src/%.c=$(BUILD)/obj/%.o)
ctl_objs    := $(ctl_srcs:src/%.c=$(BUILD)/obj/%.o)

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags | deps-build
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CONSENT_CFLAGS) -MMD -MP -c -o $@ $<

lib: $(BUILD)/libconsent.a

$(BUILD)/libconsent.a: $(lib_objs) $(BUILD)/rooms
	@rm -f $@
	$(Q)ar qcs $@ $(lib_objs)

ctl: $(if $(ctl_srcs),$(BUILD)/consentctl)

$(BUILD)/consentctl: $(ctl_objs) $(BUILD)/libconsent.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CONSENT_LDFLAGS) -o $@ $^ $(LIBS)

-include $(lib_objs:.o=.d) $(ctl_objs:.o=.d)


# The module, and nginx where a tree is given. nginx's build writes into its
# tree, so it works in a copy, where configure runs again when files come or
# go. It takes the plain rooms from libconsent.a; with ARCHIVE= it compiles all
# sources by itself, as it does for others who give our directory to configure.

ARCHIVE     ?= $(abspath $(BUILD))/libconsent.a

shell_rooms := nginx $(if $(ARCHIVE),,$(ROOMS))
shell_srcs  := $(sort $(wildcard ngx_consent_module.c \
                 $(foreach r,$(shell_rooms),src/$(r)/*.c)))

ifdef SANITIZE
ifndef NGINX_SRC
NGINX_SRC   := $(NGINX_CACHE)/nginx
fetch       := nginx-source
endif
LINK        ?= dynamic
endif
LINK        ?= static

.PHONY: nginx-source
nginx-source: | deps-build
	@tools/nginx-source '$(NGINX_CACHE)' > /dev/null

tree        := $(BUILD)/nginx-tree
objs        := $(tree)/objs

ifdef SANITIZE
NGINX_CC_OPT := -g -fPIC $(HARDEN) $(OPT) $(san_core) -DNGX_DEBUG_PALLOC=1
# its C++ too, so that ASan finds what throws in the libraries that the module brings
NGINX_LD_OPT := $(san_core) -Wl,--no-as-needed -lstdc++
else
NGINX_CC_OPT := -g -fPIC $(HARDEN) -O2
NGINX_LD_OPT := -Wl,-z,relro -Wl,-z,now -fPIC
endif

NGINX_FLAGS ?= --error-log-path=stderr --with-compat --with-debug --with-pcre-jit --with-threads \
    --with-http_ssl_module --with-http_v2_module --with-http_realip_module \
    --with-http_auth_request_module --with-http_stub_status_module \
    --with-http_dav_module --with-http_slice_module \
    --with-http_addition_module --with-http_gunzip_module \
    --with-http_gzip_static_module --with-http_random_index_module \
    --with-http_secure_link_module --with-http_sub_module \
    --with-http_mp4_module --with-http_flv_module

nginx_from  := $(if $(NGINX_SRC),$(NGINX_SRC),$(NGINX_DEV))
nginx_link  := $(if $(and $(NGINX_SRC),$(filter static,$(LINK))),--add-module,--add-dynamic-module)

ifneq ($(wildcard ngx_consent_module.c),)
ifdef NGINX_SRC
ifeq ($(nginx_link),--add-module)
module: $(BUILD)/nginx
else
module: $(BUILD)/nginx $(BUILD)/ngx_consent_module.so
endif
else
module: $(BUILD)/ngx_consent_module.so
endif
endif

nginx_conf  := --with-cc='$(CC)' --with-cc-opt='$(NGINX_CC_OPT)' \
    --with-ld-opt='$(NGINX_LD_OPT)' $(if $(NGINX_SRC),$(NGINX_FLAGS)) \
    $(nginx_link)='$(CURDIR)'

$(BUILD)/nginx.flags: FORCE
	$(call remember,"$(nginx_from) $(nginx_conf) $(ARCHIVE)" $(shell_srcs))

$(objs)/Makefile: $(BUILD)/nginx.flags config tools/nginx-configure | deps-build $(fetch)
	@echo 'Configuring nginx'
	@NGX_CONSENT_LIB='$(ARCHIVE)' \
	    tools/nginx-configure '$(nginx_from)' $(tree) $(nginx_conf)

# nginx's makefile with the headers that each file of ours did include, and for
# a sanitized module UBSan's checks on top of nginx's own flags. Such a module
# stays loaded when a worker has ended, so that what its variables point to is
# not called a leak and what it leaks has names.
keep_loaded := -Wl,-z,nodelete

nginx_make   = $(MAKE) $(if $(V),,-s) --no-print-directory -C $(tree) \
    -f objs/Makefile -f $(CURDIR)/tools/nginx-deps.mk \
    CFLAGS="$$(sed -n 's/^CFLAGS = *//p' $(objs)/Makefile) -MMD -MP $(1)"

$(BUILD)/ngx_consent_module.so: $(objs)/Makefile $(ARCHIVE) FORCE
	@echo '  NGINX    $@'
	@[ $(objs)/$(@F) -nt '$(ARCHIVE)' ] || rm -f $(objs)/$(@F)
	+@$(call nginx_make,$(san)) $(if $(san),LINK='$(CC) $(san) $(keep_loaded)') modules
	@cmp -s $(objs)/$(@F) $@ || { cp $(objs)/$(@F) $@.new && mv -f $@.new $@; }

$(BUILD)/nginx: $(objs)/Makefile $(ARCHIVE) FORCE
	@echo '  NGINX    $@'
	@[ $(objs)/$(@F) -nt '$(ARCHIVE)' ] || rm -f $(objs)/$(@F)
	+@$(call nginx_make) binary
	@cmp -s $(objs)/nginx $@ || { cp $(objs)/nginx $@.new && mv -f $@.new $@; }


# Unit tests: each file one program, which prints TAP

unit_bins   := $(unit_srcs:tests/%.c=$(BUILD)/tests/%)

$(BUILD)/tests/%: tests/%.c $(BUILD)/libconsent.a $(BUILD)/flags | deps-test
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -Wconversion,$(CONSENT_CFLAGS)) -MMD -MP -MF $@.d -MT $@ \
	    -o $@ $< $(CONSENT_LDFLAGS) $(BUILD)/libconsent.a -lcmocka $(LIBS)

-include $(unit_bins:=.d)



# Tests: one prove over all, so that its summary is the last word. A test
# finds what it needs through these variables.

PROVE       ?= prove -j3 --timer
PROVE_FLAGS ?=

# Every dynamic module of nginx's defines the same three lists: no violation.

asan_options  := detect_stack_use_after_return=1:detect_odr_violation=0
ubsan_options := print_stacktrace=1
lsan_options  := suppressions=$(CURDIR)/tools/lsan.supp:print_suppressions=0

test_env    := BUILD='$(abspath $(BUILD))' CC='$(CC)' LC_ALL=C.UTF-8 \
               CMOCKA_MESSAGE_OUTPUT=TAP $(if $(SANITIZE),SANITIZE=1 \
               ASAN_OPTIONS='$(asan_options)' UBSAN_OPTIONS='$(ubsan_options)' \
               LSAN_OPTIONS='$(lsan_options)')
e2e_tests   := $(sort $(wildcard t/*.t))
browser_tests := $(sort $(wildcard t/browser/*.t t/clients/*.t))
prove       := $(test_env) $(PROVE) --exec tools/run-test $(PROVE_FLAGS)

# the longest first, so that none is left running alone at the end
test: all $(unit_bins) | deps-test
	$(prove) $(browser_tests) $(e2e_tests) $(unit_bins)

unit: $(unit_bins) ctl | deps-test
	$(if $(unit_bins),$(prove) $(unit_bins))

e2e: all | deps-test
	$(if $(e2e_tests),$(prove) $(e2e_tests))

browser: all | deps-test
	$(if $(browser_tests),$(prove) $(browser_tests))

sanitize:
	@$(MAKE) --no-print-directory SANITIZE=1 BUILD='$(BUILD)/sanitize' test


# Fuzzers: the rooms once more, with clang's instrumentation

FUZZ_CC     ?= clang
fuzz_flags  := $(STD) -O1 -g $(WARN) -I src -fno-omit-frame-pointer \
               -fno-sanitize-recover=undefined
fuzz_objs   := $(lib_srcs:src/%.c=$(BUILD)/fuzz/obj/%.o)
fuzz_bins   := $(fuzz_srcs:tests/fuzz/%.c=$(BUILD)/fuzz/%)

$(BUILD)/fuzz/obj/%.o: src/%.c | deps-build deps-fuzz
	$(call say,FUZZ_CC,$<)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(fuzz_flags) -fsanitize=fuzzer-no-link,address,undefined \
	    -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/libconsent.a: $(fuzz_objs) $(BUILD)/rooms
	@rm -f $@
	$(Q)ar qcs $@ $(fuzz_objs)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/fuzz/libconsent.a | deps-build deps-fuzz
	$(call say,FUZZ_CC,$<)
	$(Q)$(FUZZ_CC) $(fuzz_flags) -fsanitize=fuzzer,address,undefined \
	    -MMD -MP -MF $@.d -MT $@ -o $@ $< $(BUILD)/fuzz/libconsent.a $(LIBS)

-include $(fuzz_objs:.o=.d) $(fuzz_bins:=.d)

fuzz: $(fuzz_bins)
	@for f in $(fuzz_bins); do \
	    tools/run-fuzzer $$f $(FUZZ_SECONDS) || exit 1; \
	done


# What people get to see and to install

demo: all | deps-demo
	@exec env BUILD='$(abspath $(BUILD))' PORT='$(PORT)' demo/run

demo-cluster: all | deps-demo
	@tools/deps cluster
	@exec env BUILD='$(abspath $(BUILD))' PORT='$(PORT)' demo/cluster

bench: all $(BUILD)/sync_shim.so $(BUILD)/bench/log_publish $(BUILD)/bench/log_write \
       $(BUILD)/bench/state_lookup $(BUILD)/bench/detect_text $(BUILD)/bench/json_minimize \
       $(BUILD)/bench/steps $(BUILD)/bench/foreign_apply | deps-bench
	@$(test_env) TEST_TIMEOUT=0 tests/bench/run

$(BUILD)/sync_shim.so: tests/preload/sync_shim.c
	$(call say,CC,$<)
	$(Q)$(CC) $(STD) -O2 -fPIC -shared -o $@ $<

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/libconsent.a $(BUILD)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CONSENT_CFLAGS) -o $@ $< $(CONSENT_LDFLAGS) $(BUILD)/libconsent.a $(LIBS)

install: all
	install -d $(DESTDIR)$(MODULES_DIR) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(BUILD)/ngx_consent_module.so $(DESTDIR)$(MODULES_DIR)/
	install -m 755 $(BUILD)/consentctl $(DESTDIR)$(PREFIX)/bin/
	$(if $(wildcard docs/consentctl.1),install -D -m 644 docs/consentctl.1 \
	    $(DESTDIR)$(PREFIX)/share/man/man1/consentctl.1)

deb: all | deps-deb
	@tools/deb '$(BUILD)' '$(VERSION)'

clean:
	rm -rf $(BUILD)
