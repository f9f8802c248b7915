# Decisions that wait together are committed together: with a slow disk, many
# clients are acknowledged many times faster than one, by one worker and by two.

use lib 't/lib';
use Consent::Test;

use IO::Select;
use Time::HiRes qw(sleep time);

plan(skip_all => 'a sanitizer must be loaded first') if $ENV{SANITIZE};

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;

# Both waits of a commit take 5 ms: fdatasync, and the write of the meta page
# through a descriptor that was opened with O_DSYNC.

$t->write('slow.c', <<'C');
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

int
fdatasync(int fd)
{
    usleep(5000);
    return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(fd);
}

ssize_t
pwrite(int fd, const void *b, size_t n, off_t at)
{
    if (fcntl(fd, F_GETFL) & O_DSYNC) {
        usleep(5000);
    }

    return ((ssize_t (*)(int, const void *, size_t, off_t)) dlsym(RTLD_NEXT, "pwrite"))(fd, b, n, at);
}
C

my ($status, $said) = $t->command($ENV{CC} // 'gcc', '-D_GNU_SOURCE', '-shared', '-fPIC', '-O2', '-o',
    $t->path('slow.so'), $t->path('slow.c'), '-ldl');
is($status, 0, 'a slow disk') or diag $said;

my $http = <<'EOF';
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $json = qq({"policy_version":"$policy->{version}","level":"forms"});
my $put = "PUT /.privacy/api/v1/state HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    . 'Content-Length: ' . length($json) . "\r\n\r\n$json";

# Acknowledged decisions a second, by n clients that each wait for the answer.
sub rate {
    my ($n, $seconds) = @_;

    my (%answer, $taken, $refused);
    my $select = IO::Select->new;

    for (1 .. $n) {
        my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $t->port(0)) or die "connect: $!\n";
        $select->add($s);
        syswrite $s, $put;
    }

    my $until = time + $seconds;

    while (time < $until) {
        for my $s ($select->can_read(0.1)) {
            sysread $s, $answer{$s}, 16384, length($answer{$s} // '') or die "closed\n";
            next if $answer{$s} !~ /\r\n\r\n.*\}$/s;

            $answer{$s} =~ m{^HTTP/1.1 200 } ? $taken++ : $refused++;
            $answer{$s} = '';
            syswrite $s, $put;
        }
    }

    close $_ for $select->handles;
    is($refused, undef, "nothing is refused to $n clients");

    return ($taken // 0) / $seconds;
}

for my $workers (1, 2) {
    local $ENV{LD_PRELOAD} = $t->path('slow.so');
    $t->run($http, workers => $workers);
    delete $ENV{LD_PRELOAD};

    rate(1, 0.3);
    my ($one, $many) = (rate(1, 2), rate(64, 2));
    $t->stop;

    cmp_ok($one, '>', 10, sprintf '%d worker(s): one client, %.0f a second', $workers, $one);
    cmp_ok($one, '<', 101, 'no faster than the disk');
    cmp_ok($many, '>', 20 * $one, sprintf '64 clients, %.0f a second', $many);
}

done_testing();
