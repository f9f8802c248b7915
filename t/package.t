# make install and make deb put the same module and tool in place, and nginx
# loads what is in the package.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $root = $Consent::Test::ROOT;
my $build = $Consent::Test::BUILD;

sub make {
    my (@args) = @_;

    local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
    delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};

    return $t->command('make', '-s', '-C', $root, "BUILD=$build", 'JOBS=1',
        (map { defined $ENV{$_} ? "$_=$ENV{$_}" : () } 'CC', 'SANITIZE'),
        @args);
}

my $to = $t->path('installed');
my ($status, $said) = make('-o', 'all', 'install', "DESTDIR=$to", 'PREFIX=/opt/c');
is($status, 0, 'make install') or diag $said;
ok(-f "$to/opt/c/lib/nginx/modules/ngx_consent_module.so", 'the module');
ok(-x "$to/opt/c/bin/consentctl", 'the tool');

mkdir $t->path('deb');
for ('ngx_consent_module.so', 'consentctl') {
    $t->command('cp', "$build/$_", $t->path('deb'));
}

($status, $said) = $t->command("$root/tools/deb", $t->path('deb'), '9.8.7');
is($status, 0, 'tools/deb') or diag $said;
my ($module, $tool) = split /\n/, $said;

my $fields = ($t->command('dpkg-deb', '-f', $module))[1];
like($fields, qr/^Version: 9\.8\.7$/m, 'its version');
like($fields, qr/^Depends: nginx-abi-[\d.]+-\d+, .*libjwt0.*liblmdb0/m,
    'the package depends on the nginx it was built for, and on libraries');
like(($t->command('dpkg-deb', '-f', $tool))[1], qr/^Package: consentctl$/m,
    'the tool has a package of its own');

$t->command('dpkg-deb', '-x', $_, $t->path('unpacked')) for $module, $tool;
my $at = $t->path('unpacked');
like($t->read('unpacked/usr/share/nginx/modules-available/'
    . 'mod-http-consent.conf'),
    qr{^load_module modules/ngx_consent_module\.so;$}, 'a snippet loads it');
ok(-x "$at/usr/bin/consentctl", 'the tool');

{
    local $ENV{TEST_MODULE} = "$at/usr/lib/nginx/modules/ngx_consent_module.so";
    $t->keys;
    $t->policy;
    my ($ok, $words) = $t->check("%%CONSENT%%\nserver { consent on; "
        . 'location /.privacy/ { consent_pages; } }');
    ok($ok, 'nginx loads the module of the package') or diag $words;
}

done_testing;
