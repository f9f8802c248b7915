# What is missing is installed, by root or with sudo, and nothing else; where
# neither works, what to do is said. The system's tools are played by others.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/..');


# A machine with these commands and packages; returns (status, what was said).
sub machine {
    my ($groups, %o) = @_;

    my $dir = tempdir(CLEANUP => 1);
    my $play = sub {
        my ($name, $script) = @_;
        open my $f, '>', "$dir/$name" or die "$name: $!\n";
        print $f "#!/bin/sh\n$script\n";
        close $f;
        chmod 0755, "$dir/$name";
    };

    for my $name (qw(dirname env cat)) {
        my ($path) = grep { -x } "/usr/bin/$name", "/bin/$name";
        symlink $path, "$dir/$name";
    }

    $play->('dpkg-query', join "\n",
        map { "echo 'installed $_'" } @{$o{packages} // []});
    $play->('id', 'echo ' . ($o{root} ? 0 : 1000));
    $play->('apt-get', 'echo "apt-get $*"; exit ' . ($o{fails} // 0))
        unless $o{no_apt};
    $play->('sudo', 'echo "sudo $*"; exec "$@"') if $o{sudo};
    $play->($_, 'exit 0') for @{$o{commands} // []};

    # nothing of this machine's shall be found
    my $script = "$dir/tools/deps";
    mkdir "$dir/tools";
    system("sed 's|PATH=\"\$PATH:/usr/sbin:/sbin\" ||' $root/tools/deps"
        . " > $script && chmod +x $script") == 0 or die;

    local $ENV{PATH} = $dir;
    my $said = qx{/bin/sh $script @$groups 2>&1};

    return ($? >> 8, $said);
}

my @packages = qw(nginx-dev libjwt-dev liblmdb-dev libssl-dev zlib1g-dev
    libvectorscan-dev libhiredis-dev libpcre2-dev libc6-dev);
my @commands = qw(nginx gcc make pkg-config);

my ($status, $said) = machine(['build'], packages => \@packages,
    commands => \@commands);
is($status, 0, 'nothing is missing');
is($said, '', 'and nothing is said');

($status, $said) = machine(['build'], root => 1, commands => \@commands,
    packages => [grep { !/lmdb|jwt/ } @packages]);
is($status, 0, 'two packages are missing');
like($said, qr/^apt-get install .* libjwt-dev liblmdb-dev$/m,
    'and they alone are installed');
like($said, qr/^apt-get update.*^apt-get install/ms, 'from a fresh list');

($status, $said) = machine(['build'], root => 1, packages => \@packages,
    commands => [grep { $_ ne 'nginx' } @commands]);
like($said, qr/^apt-get install .* nginx$/m,
    'a command brings the package that has it');

($status, $said) = machine(['demo'], root => 1,
    commands => ['node', 'setpriv']);
is($said, '', 'a command from elsewhere will do');

($status, $said) = machine(['build'], sudo => 1, commands => \@commands);
is($status, 0, 'who is not root');
like($said, qr/^sudo .*apt-get install/m, 'uses sudo');

($status, $said) = machine(['build'], commands => \@commands);
is($status, 1, 'without sudo nothing is installed');
like($said, qr/Run as root: apt-get install nginx-dev libjwt-dev/,
    'and the command to give is said');

($status, $said) = machine(['build'], root => 1, no_apt => 1);
is($status, 1, 'nor is there without apt-get');
like($said, qr/missing: nginx-dev.*Debian's names/s, 'and what is missing is');

($status, $said) = machine(['build'], root => 1, fails => 100);
is($status, 1, 'a failure of apt-get is one of ours');
like($said, qr/could not install: nginx-dev/, 'and is named');

is((machine(['nonsense']))[0], 2, 'an unknown group');

is(qx{$root/tools/deps build test 2>&1}, '', 'with all there nothing is done');

done_testing;
