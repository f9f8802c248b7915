package Consent::Bench::Counts;

# What does not depend on the machine's mood: instructions and system calls of a request.

use strict;
use warnings;

use Time::HiRes qw(sleep);

# requests that are not counted, and that are
my ($WARM, $MANY) = (30, 200);

# what is asked for, what it is called, what it may cost
my @ROWS = (
    ['cookie GET, JSON', '/answer.json', 12000],
    ['JSON, consent_ai on', '/ai/answer.json', 16000],
    ['JSON 16 KB, consent_ai on', '/ai/answer16.json', 16000],
    ['JSON 1 MB, consent_ai on', '/ai/answer1024.json', 16000],
    ['HTML 16 KB, contact', '/html16.html', 16000],
    ['HTML 64 KB, contact', '/html64.html', 20000],
    ['HTML 1 MB, contact', '/html1m.html', 60000],
    ['HTML 16 KB, notice and contact', '/ai/html16.html', 16000],
    ['HTML 64 KB, notice and contact', '/ai/html64.html', 20000],
    ['HTML 1 MB, notice and contact', '/ai/html1m.html', 60000],
);


# callgrind counts between two dumps of one run, each thread by itself: the first one answers, the other commits what was
# recorded of AI answers. Where a process has threads, each of its system calls costs more: what that makes is seen by a bare
# nginx that has some.
sub instructions {
    my ($self) = @_;

    print "Instructions of a request in user space over bare nginx (callgrind: without SHA instructions, of which\n"
        . "each block of 64 bytes hashed costs 2000 here and 150 there)\n";

    my ($cookie, @fresh) = $self->citizens(1 + $MANY);

    my @rows = (@ROWS, ['no decision yet, JSON', '/answer.json', 12000, 'none=1'],
        ['first sight of a token, JSON', '/answer.json', 90000, @fresh]);
    my %count;

    for my $kind ('bare', 'threads', 'consent') {
        my $out = $self->{t}->path("callgrind.$kind");

        $self->start($kind, single => 1, under => ['valgrind', '--tool=callgrind', '--separate-threads=yes',
            '--fair-sched=yes', '--log-file=/dev/null', "--callgrind-out-file=$out"]);
        my $c = $self->{t}->connect(port => $kind);
        my $dumps = 0;

        for (@rows) {
            my ($what, $uri, undef, @cookies) = @$_;
            $uri =~ s{^/ai/}{/} if $kind ne 'consent';
            $self->ask($c, $WARM, $uri, $cookies[0] // $cookie);
            $self->dump($kind, ++$dumps);
            $self->ask($c, $MANY, $uri, @cookies ? @cookies : $cookie);
            $self->dump($kind, ++$dumps);
            $count{$what}{$kind} = [map { $_ / $MANY } $self->dumped($kind, $dumps)];
        }

        $c->close;
        $self->stop($kind);
    }

    for (@rows) {
        my ($what, undef, $goal) = @$_;
        my ($bare) = @{$count{$what}{bare}};
        my ($threads) = @{$count{$what}{threads}};
        my ($ours, @others) = @{$count{$what}{consent}};
        my $aside = 0;
        $aside += $_ for @others;
        $self->row($what, sprintf '%7.0f  (%.0f - %.0f; goal %d; %.0f of it for having threads)%s',
            $ours - $bare, $ours, $bare, $goal, $threads - $bare,
            $aside >= 100 ? sprintf(', commit thread %.0f', $aside) : '');
    }
}


sub dump {
    my ($self, $kind, $n) = @_;

    my ($status, $said) = $self->{t}->command('callgrind_control', '-d', $self->{pid}{$kind});
    my $file = $self->{t}->path("callgrind.$kind") . ".$n-01";

    $self->{t}->wait_for(sub { -s $file && $self->{t}->read("callgrind.$kind.$n-01") =~ /^totals:/m }, 30)
        or die "callgrind_control: $said";
}


# By thread, the first one first.
sub dumped {
    my ($self, $kind, $n) = @_;

    return map { my ($file) = m{([^/]+)$}; $self->{t}->read($file) =~ /^totals: (\d+)/m ? $1 : 0 }
        sort glob $self->{t}->path("callgrind.$kind") . ".$n-*";
}


# The same of a few, counted one by one on the processor: so slowly that nginx's clock is made to stand still meanwhile, or
# its timers and a new second's dates would be counted too.
sub steps {
    my ($self) = @_;

    my $steps = "$Consent::Test::BUILD/bench/steps";
    my $n = 5;
    local $Consent::Test::Client::TIMEOUT = 120;

    print "Instructions of a request in user space over bare nginx (single steps on this processor)\n";

    return $self->row('not built', '') if !-x $steps;

    my ($cookie, @fresh) = $self->citizens(1 + $n);
    my %count;
    local $self->{still} = 1;

    for (['cookie GET, JSON', '/answer.json', 12000, $cookie], ['first sight of a token, JSON', '/answer.json', 90000, @fresh])
    {
        my ($what, $uri, $goal, @cookies) = @$_;

        for my $kind (keys %count ? 'consent' : ('bare', 'consent')) {
            my $pid = $self->start($kind, single => 1);
            my $c = $self->{t}->connect(port => $kind);
            $self->ask($c, $WARM, $uri, $cookie);
            my $counter = open(my $out, '-|', $steps, $pid) // die "steps: $!\n";
            my $began = <$out>;
            $self->ask($c, $n, $uri, @cookies);
            kill 'INT', $counter;
            $count{$kind} = <$out> / $n;
            close $out;
            $c->close;
            $self->stop($kind);
        }

        $self->row($what, sprintf '%7.0f  (%.0f - %.0f; goal %d)', $count{consent} - $count{bare}, $count{consent},
            $count{bare}, $goal);
    }
}


# Of the thread that answers.
sub calls {
    my ($self) = @_;

    my $n = 200;

    print "System calls of a request (strace)\n";

    return $self->row('strace is not installed', '') if system 'command -v strace >/dev/null';

    my ($cookie) = $self->citizens(1);

    for (['cookie GET, JSON', '/answer.json'], ['HTML 16 KB, contact', '/html16.html'],
        ['HTML 64 KB, contact', '/html64.html'], ['HTML 16 KB, notice and contact', '/ai/html16.html'])
    {
        my ($what, $uri) = @$_;
        my (%total, %calls);

        for my $kind ('bare', 'consent') {
            my $pid = $self->start($kind, single => 1);
            my $path = $kind eq 'bare' ? $uri =~ s{^/ai/}{/}r : $uri;
            my $c = $self->{t}->connect(port => $kind);
            $self->ask($c, 20, $path, $cookie);

            my $out = $self->{t}->path("strace.$kind");
            unlink $out;
            my $strace = fork() // die "fork: $!\n";

            if (!$strace) {
                open STDERR, '>', '/dev/null';
                exec 'strace', '-c', '-o', $out, '-p', $pid or POSIX::_exit(127);
            }

            $self->{t}->wait_for(sub { $self->traced($pid) }, 10) or die "strace does not attach\n";
            $self->ask($c, $n, $path, $cookie);
            $c->close;
            kill 'INT', $strace;
            waitpid $strace, 0;
            $self->stop($kind);

            for (split /\n/, $self->{t}->read("strace.$kind")) {
                next if !/^\s*[\d.]+\s+\S+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z]\w+)$/ || $2 eq 'total';
                $calls{$2}{$kind} = $1 / $n;
                $total{$kind} += $1 / $n;
            }
        }

        my @more = map { my ($ours, $bare) = map { $_ // 0 } @{$calls{$_}}{qw(consent bare)};
            abs($ours - $bare) >= 0.1 ? sprintf '%s %+.1f', $_, $ours - $bare : () } sort keys %calls;
        $self->row($what, sprintf '%.2f with the module, %.2f bare%s', $total{consent}, $total{bare},
            @more ? ' (' . join(', ', @more) . ')' : '');
    }
}


sub traced {
    my ($self, $pid) = @_;

    open my $f, '<', "/proc/$pid/status" or return;
    local $/;

    return <$f> =~ /^TracerPid:\s*[1-9]/m;
}


1;
