# nginx's build script with our config: libraries are probed and named when
# they are missing, and the filter has the same place in a dynamic and in a
# static build. The script's own parts run, without the rest of configure.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/..');
my $dir = tempdir(CLEANUP => 1);
my $auto = '/usr/share/nginx/src/auto';


sub spew {
    my ($name, $text) = @_;

    open my $f, '>', "$dir/$name" or die "$name: $!\n";
    print $f $text;
    close $f;
    chmod 0755, "$dir/$name";
}


symlink $auto, "$dir/auto";

# a compiler for which one library is not there
spew('cc', <<'EOF');
#!/bin/sh
for arg; do
    [ "$arg" != "${MISSING:-}" ] || { echo "no library $arg"; exit 1; }
done
exec ${REAL_CC:-cc} "$@"
EOF

spew('run', <<'EOF');
ngx_n=-n ngx_c=
NGX_AUTOCONF_ERR=$PWD/err NGX_AUTOTEST=$PWD/autotest
NGX_INCLUDE_UNISTD_H='#include <unistd.h>'
CC=$PWD/cc CC_TEST_FLAGS= CC_AUX_FLAGS= NGX_TEST_LD_OPT=
NGX_LD_OPT= CFLAGS=
DYNAMIC_MODULES= DYNAMIC_MODULES_SRCS= NGX_ADDON_SRCS= NGX_ADDON_DEPS=
CORE_INCS= CORE_LIBS= HTTP_AUX_FILTER_MODULES=
HTTP_FILTER_MODULES=$FILTERS
USE_THREADS=${USE_THREADS:-YES}
ngx_addon_dir=$ROOT ngx_module_link=$KIND
. $ROOT/config
echo
echo "filters:" $HTTP_FILTER_MODULES
echo "aux:" $HTTP_AUX_FILTER_MODULES
echo "order:" $ngx_consent_module_ORDER
echo "sources:" $ngx_consent_module_SRCS $NGX_ADDON_SRCS
echo "libs:" $ngx_consent_module_LIBS $CORE_LIBS
echo "deps:" $NGX_ADDON_DEPS
EOF

my $filters = join ' ', map { "ngx_http_${_}_filter_module" } qw(write header
    chunked range_header gzip postpone sub addition gunzip userid headers);


sub config {
    my (%env) = @_;

    local @ENV{qw(ROOT KIND FILTERS)} = ($root, 'DYNAMIC', $filters);
    local $ENV{REAL_CC} = $ENV{CC};
    local @ENV{keys %env} = values %env;
    delete @ENV{qw(CC), exists $env{NGX_CONSENT_LIB} ? () : 'NGX_CONSENT_LIB'};

    my $out = qx{cd $dir && sh ./run 2>&1};

    return ($?, $out);
}


for (['-ljwt', 'libjwt-dev'], ['-llmdb', 'liblmdb-dev'],
     ['-lcrypto', 'libssl-dev'], ['-lz', 'zlib1g-dev'],
     ['-lhs', 'libvectorscan-dev'])
{
    my ($library, $package) = @$_;
    my ($status, $said) = config(MISSING => $library);

    isnt($status, 0, "without $library there is no build");
    like($said, qr/error: .*\n.*\b$package:/, "and $package is named");
}

my ($status, $said) = config(USE_THREADS => 'NO');
isnt($status, 0, 'nor is there without threads');
like($said, qr/--with-threads/, 'and what is missing is named');

($status, $said) = config();
is($status, 0, 'with all of them there is') or diag $said;
like($said, qr/^order: ngx_consent_module ngx_http_gunzip_filter_module /m,
    'a dynamic module goes in front of gunzip');
like($said, qr/^filters: $filters$/m, 'and leaves the static ones alone');
like($said, qr{^sources:.* $root/ngx_consent_module\.c }m, 'its sources');
like($said, qr{^sources:.* $root/src/base/\w+\.c}m, 'and those of the rooms');
unlike($said, qr{/src/ctl/}, 'but not of the tool');
like($said, qr{^deps:.* $root/src/base/base\.h}m, 'depend on the headers');

($status, $said) = config(NGX_CONSENT_LIB => '/lib/consent.a');
like($said, qr{^libs: /lib/consent\.a -ljwt}m, 'with the library of the rooms');
like($said, qr{^sources:.* $root/src/nginx/\w+\.c}m,
    'there are the sources of the shell');
unlike($said, qr{src/base}, 'and no others');

($status, $said) = config(KIND => 'ADDON');
is($status, 0, 'a static build') or diag $said;
like($said, qr/addition_filter_module ngx_consent_module ngx_http_gunzip/,
    'has it in front of gunzip too');
like($said, qr/^aux:\s*$/m, 'and nowhere else');
like($said, qr/^libs:.*-ljwt.*-llmdb.*-lcrypto.*-lz.*-lhs/m, 'with its libraries');

for my $without ('gunzip', 'gunzip userid') {
    my $left = $filters;
    $left =~ s/ ngx_http_${_}_filter_module// for split / /, $without;
    my ($next) = $without =~ /userid/ ? 'headers' : 'userid';

    ($status, $said) = config(KIND => 'ADDON', FILTERS => $left);
    like($said, qr/ ngx_consent_module ngx_http_${next}_filter_module/,
        "without $without it is in front of $next");
}

done_testing;
