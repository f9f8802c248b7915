package Consent::Bench::Times;

# What is told by a clock, and therefore only in alternation or as a ratio; and the memory that a page takes.

use strict;
use warnings;

use File::Path ();
use File::Temp ();
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(sleep time);


sub wrk {
    my ($self, $kind, $seconds, $clients, $path, @more) = @_;

    my ($status, $said) = $self->{t}->command('wrk', '-t1', "-c$clients", "-d${seconds}s", '--latency', @more,
        'http://127.0.0.1:' . $self->{t}->port($kind) . $path);
    my ($rate) = $said =~ m{Requests/sec:\s*([\d.]+)} or die "wrk: $said";

    return ($rate, $said);
}


sub throughput {
    my ($self) = @_;

    print "Throughput, module to bare, in alternation (wrk, median of seven)\n";

    return $self->row('wrk is not installed', '') if system 'command -v wrk >/dev/null';

    my ($cookie) = $self->citizens(1);

    $self->start($_) for 'bare', 'consent';

    for (['cookie GET, JSON', '/answer.json'], ['HTML 16 KB, contact', '/html16.html'],
        ['HTML 64 KB, contact', '/html64.html'], ['HTML 1 MB, contact', '/html1m.html'],
        ['HTML 16 KB, notice and contact', '/ai/html16.html'])
    {
        my ($what, $uri) = @$_;
        my @header = ('-H', 'Cookie: ' . $self->cookies($cookie));
        my (@ratio, @bare);

        for (1 .. 7) {
            my ($bare) = $self->wrk('bare', 1, 16, $uri =~ s{^/ai/}{/}r, @header);
            my ($ours) = $self->wrk('consent', 1, 16, $uri, @header);
            push @bare, $bare;
            push @ratio, $ours / $bare;
        }

        my @sorted = sort { $a <=> $b } @ratio;
        $self->row($what, sprintf '%.2f  (%.2f to %.2f; bare %.0f a second)', $self->median(@ratio), @sorted[0, -1],
            $self->median(@bare));
    }

    $self->stop($_) for 'bare', 'consent';
}


# A page of 1 MB that comes slowly: how long until anything of it is there, and until a byte of the page is.
sub first_byte {
    my ($self) = @_;

    my $n = 200;
    my %ms;

    print "First byte of a streamed page, ms (median of $n, in alternation)\n";

    my ($cookie) = $self->citizens(1);

    $self->start($_) for 'bare', 'consent';

    for my $i (1 .. $n + 10) {
        for (['bare', '/slow/html1m.html'], ['consent', '/slow/html1m.html'], ['notice', '/ai/slow/html1m.html']) {
            my ($kind, $uri) = @$_;
            my @at = $self->wait_for_page($kind eq 'bare' ? 'bare' : 'consent', $uri, $cookie);
            next if $i <= 10;
            push @{$ms{$kind}[$_]}, $at[$_] * 1000 for 0, 1;
        }
    }

    $self->stop($_) for 'bare', 'consent';

    for (['the header', 0], ['the page', 1]) {
        my ($what, $which) = @$_;
        my ($bare, $ours, $notice) = map { $self->median(@{$ms{$_}[$which]}) } qw(bare consent notice);
        $self->row($what, sprintf '%.3f bare, %+.3f with contact, %+.3f with notice and contact (goal +1)', $bare,
            $ours - $bare, $notice - $bare);
    }
}


sub wait_for_page {
    my ($self, $kind, $uri, $cookie) = @_;

    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{t}->port($kind)) or die "connect: $@\n";
    my ($in, $first) = ('');

    setsockopt $s, IPPROTO_TCP, TCP_NODELAY, 1;
    my $began = time;
    syswrite $s, "GET $uri HTTP/1.1\r\nHost: localhost\r\nCookie: " . $self->cookies($cookie) . "\r\n\r\n";

    while ($in !~ /\r\n\r\n./s) {
        sysread $s, $in, 65536, length $in or die "cut off: $in";
        $first //= time;
    }

    my $now = time;
    close $s;

    return ($first - $began, $now - $began);
}


# The worker's memory after a page of 1 MB and after one of a hundred.
sub memory {
    my ($self) = @_;

    print "Memory of the worker, KB\n";

    my ($cookie) = $self->citizens(1);

    $self->start('consent');

    for my $uri ('/ai/html1m.html', '/ai/big.html') {
        my $c = $self->{t}->connect(port => 'consent');
        my $r;
        $r = $c->request('GET', $uri, cookie => $cookie) for 1 .. 2;
        die "$uri: " . $r->status if $r->status != 200 || $r->body !~ /data-consent="notice"/;
        $c->close;
        $self->row("after $uri (" . int(length($r->body) / 1024) . ' KB)', $self->memory_of($self->worker('consent')));
    }

    $self->stop('consent');
}


sub memory_of {
    my ($self, $pid) = @_;

    open my $f, '<', "/proc/$pid/status" or die "no worker: $!\n";
    local $/;

    return <$f> =~ /RssAnon:\s*(\d+)/ ? $1 : die "no RssAnon\n";
}


# Decisions acknowledged a second, with each wait of a commit made to take 5 ms.
sub decisions {
    my ($self) = @_;

    my $shim = "$Consent::Test::BUILD/sync_shim.so";
    my $seconds = 4;

    print "Decisions acknowledged a second, each sync made to take 5 ms (wrk)\n";

    return $self->row('sync_shim.so is not built', '') if !-e $shim;

    # the store in memory, where there is room: else the disk's own waits come on top of those that are made
    my $store = -d '/dev/shm' && -w _ ? File::Temp::tempdir('/dev/shm/consent-bench-XXXXXXXX', CLEANUP => 1) : undef;
    chown scalar(getpwnam $self->{t}->user), -1, $store if $store && $self->{t}->user;
    $self->{store} = $store;
    $self->{keys} = $self->{t}->keys(dir => 'keys-decisions');

    for ([1, '500ms'], [2, '500ms'], [2, '1h']) {
        my ($workers, $interval) = @$_;
        my $how = $interval eq '1h' ? ', not published' : '';
        @$self{qw(workers interval)} = ($workers, $interval);
        $self->start('consent', env => { LD_PRELOAD => $shim, CONSENT_SYNC_DELAY_US => 5000 });

        my $c = $self->{t}->connect(port => 'consent');
        my $version = $c->request('GET', '/.privacy/api/v1/state')->json->{policy_version};
        $c->close;

        my $lua = $self->{t}->write('put.lua', <<"EOT");
wrk.method = "PUT"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Sec-Fetch-Site"] = "same-origin"
wrk.body = '{"policy_version":"$version","level":"contact"}'
EOT
        my %rate;

        for my $clients (1, 64) {
            my ($rate, $said) = $self->wrk('consent', $seconds, $clients, '/.privacy/api/v1/state', '-s', $lua);
            my ($p99) = $said =~ /99%\s+(\S+)/;
            $p99 .= ' (goal 25 ms)' if $clients > 1;
            my ($bad) = $said =~ /Non-2xx or 3xx responses: (\d+)/;
            $rate{$clients} = $rate;
            $self->row("$workers worker(s), $clients client(s)$how", sprintf '%7.0f  p99 %s%s', $rate, $p99,
                $bad ? ", $bad NOT ACKNOWLEDGED" : '');
        }

        die "the delay is not in force\n" if $rate{1} > 100;
        $self->row("$workers worker(s), 64 to 1$how", sprintf '%7.1f times (goal 20)', $rate{64} / $rate{1});
        $self->stop('consent');
    }

    delete @$self{qw(workers store keys interval)};
}


sub lookup {
    my ($self) = @_;

    my $program = "$Consent::Test::BUILD/bench/state_lookup";

    print "State lookup and opening a store, among a million subjects and among a thousand\n";

    return $self->row('state_lookup is not built', '') if !-x $program;

    for my $subjects (1_000_000, 1_000) {
        my ($status, $said) = $self->{t}->command($program, $subjects);
        my (%value, @names);

        for (split /\n/, $said) {
            my ($name, $value, $unit) = split ' ', $_, 3;
            push @names, $name if !$value{$name};
            push @{$value{$name}}, $value;
            $value{"unit $name"} = $unit;
        }

        $self->row("among $subjects", $status ? "failed: $said" : '');
        $self->row("  $_", $self->least(@{$value{$_}}) . $value{"unit $_"})
            for grep { $subjects > 1000 || /^(?:open|lookup_random|store)$/ } @names;
    }
}


# The median; and the least of several, which is nearest to what a machine does that has nothing else to do.
sub least {
    my ($self, @s) = @_;

    my ($least) = sort { $a <=> $b } @s;

    return $self->median(@s) . (@s > 1 ? " (least $least) " : ' ');
}


# A million entries of a decision's length. (LOG_ENTRIES=10000000 takes ten times as long, and 8 GB.)
sub published {
    my ($self) = @_;

    my $entries = $ENV{LOG_ENTRIES} // 1_000_000;

    print "Publishing a log of $entries entries (goal for a million: 10 s), and opening its store (goal: 1 s)\n";
    $self->says('log_publish', $entries);
}


# In transactions of about the five milliseconds that they may last.
sub foreign {
    my ($self) = @_;

    print "Applying what other nodes decided, by one thread (goal 15,000 a second; a million of a snapshot in 120 s)\n";
    $self->says('foreign_apply', 100_000, 5);
}


# What a program of our own measures, a line for each figure.
sub says {
    my ($self, $name, @args) = @_;

    my $program = "$Consent::Test::BUILD/bench/$name";

    return $self->row("$name is not built", '') if !-x $program;

    my ($status, $said) = $self->{t}->command($program, @args);

    return $self->row($name, "failed: $said") if $status;

    for (split /\n/, $said) {
        my ($what, $value) = split ' ', $_, 2;
        $self->row("  $what", $value);
    }
}


# A million decisions as files, verified on one processor, in little memory; against sha256sum of the same bytes, just before.
sub verified {
    my ($self) = @_;

    my $t = $self->{t};
    my $program = "$Consent::Test::BUILD/bench/log_write";
    my $entries = $ENV{LOG_ENTRIES} // 1_000_000;
    my ($log, $key) = ($t->path('written'), $t->path('written/log.pub'));
    my $cpu = sub { my (undef, undef, $user, $system) = times; return $user + $system };

    print "Verifying a log of $entries entries (goal for a million: 5 s), with 64 MB of address space\n";

    return $self->row('log_write is not built', '') if !-x $program;

    my ($status, $said) = $t->command($program, $log, $entries);

    return $self->row('log_write', "failed: $said") if $status;

    my $from = $cpu->();
    $t->command('sh', '-c', 'find "$0/tile" -type f -exec sha256sum {} + > /dev/null', $log);
    my $hashed = $cpu->() - $from;

    $from = $cpu->();
    ($status, $said) = $t->command('sh', '-c', 'ulimit -v 65536; exec "$0" "$@"', "$Consent::Test::BUILD/consentctl",
        'log', 'verify', $log, '--key', $key);
    my $verified = $cpu->() - $from;

    return $self->row('log verify', "failed: $said") if $status;

    $self->row('  CPU seconds', sprintf '%.2f', $verified);
    $self->row('  of those of sha256sum over the same files', sprintf '%.2f', $verified / ($hashed || 1));
    File::Path::remove_tree($log);
}


sub detect {
    my ($self) = @_;

    print "Detectors over a megabyte of text: a town's news, a letter, and texts made to cost the most\n";
    $self->says('detect_text');
}


sub json {
    my ($self) = @_;

    print "Taking members out of JSON, and (_text) with the detectors too\n";
    $self->says('json_minimize');
}


1;
