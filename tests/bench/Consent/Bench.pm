package Consent::Bench;

# What tests/bench/run measures. Three nginx stand side by side: an upstream, a bare proxy, and one with the module.

use strict;
use warnings;

use POSIX ();
use Time::HiRes qw(sleep time);

use Consent::Test;

# requests in the two runs whose difference counts
my ($FEW, $MANY) = (40, 240);

my %size = (html16 => 16, html64 => 64, html1m => 1024);


sub new {
    my ($class) = @_;

    my $t = Consent::Test->new;
    my $self = bless { t => $t }, $class;

    $t->keys;
    $t->policy;
    $self->pages;
    $self->upstream;

    return $self;
}


sub say_row { printf "  %-34s %s\n", $_[0], $_[1] }


# Believable pages: a head of a kilobyte and a half, then paragraphs.
sub pages {
    my ($self) = @_;

    my $head = "<!doctype html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n"
        . "<title>Bygglov</title>\n"
        . join('', map { "<link rel=\"stylesheet\" href=\"/assets/site-$_.css\">\n"
            . "<meta name=\"description-$_\" content=\"Om bygglov i kommunen\">\n" } 1 .. 14)
        . "</head>\n<body class=\"page\">\n<header id=\"top\"><h1>Bygglov</h1></header>\n<main>\n";
    my $foot = "</main>\n</body>\n</html>\n";
    my $line = "<p>Ett <a href=\"/uterum\">uterum</a> kan ofta byggas utan bygglov, men det beror p&aring; var.</p>\n";

    for my $name (keys %size) {
        my $page = $head;
        $page .= $line while length($page) + length($foot) + length($line) <= $size{$name} * 1024;
        $self->{t}->write("up/$name.html", $page . $foot);
    }

    $self->{t}->write('up/answer.json', '{"id":17,"status":"open","items":[' . join(',', 1 .. 60) . "]}\n");
    $self->{t}->write('up/big.html', $head . $line x 1_000_000 . $foot);
}


sub conf {
    my ($self, $kind, $how) = @_;

    my $dir = $self->{t}->dir;
    my $port = $self->{t}->port($kind);
    my $up = $self->{t}->port('up');
    my $user = $self->{t}->user ? 'user ' . $self->{t}->user . ';' : '';
    my $load = $kind eq 'consent' ? Consent::Test::Nginx::module() : '';
    my $process = $how eq 'single' ? "daemon off;\nmaster_process off;" : 'daemon on;';
    my $workers = $self->{workers} // 1;
    my $temp = join '', map { "    ${_}_temp_path $dir/tmp/$kind-$_;\n" } qw(client_body proxy fastcgi uwsgi scgi);
    my $module = '';
    my $pages = '';

    if ($kind eq 'consent') {
        $module = "consent_policy $dir/policy.json; consent_store $dir/store size=4g; consent_keys $dir/keys;";
        $pages = 'location /.privacy/ { consent_pages; }';
    }

    my $on = $kind eq 'consent' ? 'consent on;' : '';
    my $ai = $kind eq 'consent' ? 'consent_ai on;' : '';
    my $body = $kind eq 'up'
        ? "location / { root $dir/up; etag off; default_type text/html; types { text/html html; application/json json; } }"
        : "location / { $on proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; }
           location /ai/ { $on $ai proxy_pass http://up/; proxy_http_version 1.1; proxy_set_header Connection ''; }";
    my $upstream = $kind eq 'up' ? '' : "upstream up { server 127.0.0.1:$up; keepalive 32; keepalive_requests 1000000; }";

    return <<"EOT";
$load
$user
$process
pid $dir/$kind.pid;
lock_file $dir/$kind.lock;
error_log $dir/$kind.error.log notice;
worker_processes $workers;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000;
    $temp
    $module
    $upstream
    server {
        listen 127.0.0.1:$port;
        $body
        $pages
    }
}
EOT
}


# Starts one; with `under` as the words of a program that runs it. Returns its pid.
sub start {
    my ($self, $kind, %o) = @_;

    my $dir = $self->{t}->dir;
    my $how = $o{single} ? 'single' : 'daemon';
    my $conf = $self->{t}->write("$kind.conf", $self->conf($kind, $how));
    my @command = (@{$o{under} // []}, Consent::Test::Nginx::nginx(), '-p', $dir, '-c', $conf, '-e',
        "$dir/$kind.error.log");

    unlink "$dir/$kind.pid";
    my $pid = fork() // die "fork: $!\n";

    if (!$pid) {
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP ALRM CHLD);
        $ENV{$_} = $o{env}{$_} for keys %{$o{env} // {}};
        open STDOUT, '>>', "$dir/$kind.out";
        open STDERR, '>&', \*STDOUT;
        exec { $command[0] } @command or POSIX::_exit(127);
    }

    waitpid $pid, 0 if !$o{single};

    $self->{t}->wait_for(sub { $self->{t}->read("$kind.pid") =~ /\d/ && eval {
        IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{t}->port($kind)) } }, 60)
        or die "$kind does not start:\n" . $self->{t}->read("$kind.error.log") . $self->{t}->read("$kind.out");

    ($self->{pid}{$kind}) = $self->{t}->read("$kind.pid") =~ /(\d+)/;

    return $self->{pid}{$kind};
}


sub stop {
    my ($self, $kind) = @_;

    my $pid = delete $self->{pid}{$kind} or return;
    my $n = 0;

    # a signal may come between nginx's look at it and its wait, which valgrind makes long: said again until it is heard
    $self->{t}->wait_for(sub { kill 'QUIT', $pid if $n++ % 50 == 0; waitpid(-1, POSIX::WNOHANG()); !kill 0, $pid }, 60)
        or kill 'KILL', $pid;
}


sub upstream { $_[0]->start('up') }


sub worker {
    my ($self, $kind) = @_;

    my ($pid) = `pgrep -P $self->{pid}{$kind}` =~ /(\d+)/;

    return $pid;
}


sub finish {
    my ($self) = @_;

    $self->stop($_) for keys %{$self->{pid}};
    $self->{t}->finish;
}


# A citizen's cookie, decided for the third level.
sub decided {
    my ($self, $kind) = @_;

    my $c = $self->{t}->connect(port => $kind);
    my $state = $c->request('GET', '/.privacy/api/v1/state')->json;
    my $r = $c->request('PUT', '/.privacy/api/v1/state', headers => ['Sec-Fetch-Site' => 'same-origin'],
        json => { policy_version => $state->{policy_version}, level => 'forms' });
    my ($cookie) = $r->head =~ /^Set-Cookie: (consent=[^;]+)/mi
        or die 'no decision: ' . $r->raw . $self->{t}->read("$kind.error.log");
    $c->close;

    return $cookie;
}


sub cookies { return join '; ', 'JSESSIONID=8C3F0A11B2', 'theme=dark', 'stat_id=4711', 'lang=sv', @_ }


sub ask {
    my ($self, $kind, $n, $uri, @cookies) = @_;

    my $c = $self->{t}->connect(port => $kind);
    my $r;

    for my $i (1 .. $n) {
        my $cookie = @cookies ? $cookies[$i % @cookies] : 'none=1';
        $r = $c->request('GET', $uri, headers => ['User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64)', Accept => '*/*',
            'Accept-Language' => 'sv,en;q=0.5', 'Accept-Encoding' => 'gzip, deflate'], cookie => cookies($cookie));
        die "$kind $uri: " . $r->raw if $r->status != 200;
    }

    $c->close;

    return $r;
}


# Instructions of one request, user space, of the worker.
sub count {
    my ($self, $kind, $uri, @cookies) = @_;

    my @total;

    for my $n ($FEW, $MANY) {
        my $log = $self->{t}->path("callgrind.$kind");
        unlink $log;
        $self->start($kind, single => 1, under => ['valgrind', '--tool=callgrind', '--fair-sched=yes', "--log-file=$log",
            '--callgrind-out-file=' . ($ENV{BENCH_CALLGRIND} // '/dev/null')]);
        $self->ask($kind, 20, $uri, $cookies[0] // 'none=1');
        $self->ask($kind, $n, $uri, @cookies);
        $self->stop($kind);
        my ($ir) = $self->{t}->read("callgrind.$kind") =~ /Collected\s*:\s*(\d+)/ or die "callgrind said nothing: [" . $self->{t}->read("callgrind.$kind") . "] " . $self->{t}->read("$kind.out") . $self->{t}->read("$kind.error.log");
        push @total, $ir;
    }

    return ($total[1] - $total[0]) / ($MANY - $FEW);
}


sub instructions {
    my ($self) = @_;

    print "Instructions of a request, user space, over bare nginx (callgrind)\n";

    $self->start('consent');
    my $cookie = $self->decided('consent');
    my @fresh = map { $self->decided('consent') } 1 .. $MANY;
    $self->stop('consent');

    for (['cookie GET, JSON, warm', '/answer.json', 12000, $cookie],
         ['the same, no decision yet', '/answer.json', 12000],
         ['JSON, consent_ai on', '/ai/answer.json', 12000, $cookie],
         ['HTML 16 KB, contact', '/html16.html', 16000, $cookie],
         ['HTML 16 KB, notice and contact', '/ai/html16.html', 16000, $cookie],
         ['HTML 64 KB, notice and contact', '/ai/html64.html', 20000, $cookie],
         ['HTML 1 MB, notice and contact', '/ai/html1m.html', 60000, $cookie],
         ['first sight of a token', '/answer.json', 90000, @fresh])
    {
        my ($what, $uri, $goal, @cookies) = @$_;
        my $bare = $self->count('bare', $uri =~ s{^/ai}{}r, @cookies);
        my $ours = $self->count('consent', $uri, @cookies);
        say_row($what, sprintf '%8.0f   (%.0f - %.0f bare; goal %d)', $ours - $bare, $ours, $bare, $goal);
    }
}


sub calls {
    my ($self) = @_;

    print "System calls of a request (strace)\n";

    return say_row('strace is not installed', '') if system 'command -v strace >/dev/null';

    my $n = 200;

    for (['cookie GET, JSON', '/answer.json'], ['HTML 16 KB, notice and contact', '/ai/html16.html']) {
        my ($what, $uri) = @$_;
        my %calls;

        for my $kind ('bare', 'consent') {
            $self->start($kind);
            my $cookie = $kind eq 'consent' ? $self->decided($kind) : 'none=1';
            my $path = $kind eq 'bare' ? $uri =~ s{^/ai}{}r : $uri;
            $self->ask($kind, 20, $path, $cookie);
            my $out = $self->{t}->path("strace.$kind");
            my $strace = fork() // die "fork: $!\n";
            exec 'strace', '-f', '-c', '-o', $out, '-p', $self->worker($kind) if !$strace && open STDERR, '>', '/dev/null';
            sleep 0.5;
            $self->ask($kind, $n, $path, $cookie);
            kill 'INT', $strace;
            waitpid $strace, 0;
            $self->stop($kind);
            my ($total) = $self->{t}->read("strace.$kind") =~ /^\s*100\.00\s+\S+(?:\s+\d+)?\s+(\d+).*total/m;
            $calls{$kind} = ($total // 0) / $n;
        }

        say_row($what, sprintf '%.2f with the module, %.2f bare', $calls{consent}, $calls{bare});
    }
}


sub wrk {
    my ($self, $kind, $uri, $cookie, @more) = @_;

    my $port = $self->{t}->port($kind);
    my ($status, $said) = $self->{t}->command('wrk', '-t1', '-c16', '-d2s', '--latency',
        '-H', 'Cookie: ' . cookies($cookie), @more, "http://127.0.0.1:$port$uri");
    my ($rate) = $said =~ m{Requests/sec:\s*([\d.]+)} or die "wrk: $said";

    return $rate;
}


sub median { my @s = sort { $a <=> $b } @_; return $s[$#s / 2] }


sub throughput {
    my ($self) = @_;

    print "Throughput, module to bare, in alternation (wrk, median of five)\n";

    return say_row('wrk is not installed', '') if system 'command -v wrk >/dev/null';

    $self->start($_) for 'bare', 'consent';
    my $cookie = $self->decided('consent');

    for (['cookie GET, JSON', '/answer.json'], ['HTML 16 KB, notice and contact', '/ai/html16.html'],
        ['HTML 64 KB, notice and contact', '/ai/html64.html'], ['HTML 1 MB, notice and contact', '/ai/html1m.html'])
    {
        my ($what, $uri) = @$_;
        my @ratio;

        for (1 .. 5) {
            my $bare = $self->wrk('bare', $uri =~ s{^/ai}{}r, $cookie);
            push @ratio, $self->wrk('consent', $uri, $cookie) / $bare;
        }

        say_row($what, sprintf '%.2f', median(@ratio));
    }

    $self->stop($_) for 'bare', 'consent';
}


# The worker's memory after a page of 1 MB and after one of a hundred.
sub memory {
    my ($self) = @_;

    print "Memory of the worker, KB\n";

    $self->start('consent');
    my $cookie = $self->decided('consent');

    for ('/ai/html1m.html', '/ai/big.html') {
        my $c = $self->{t}->connect(port => 'consent');
        $c->request('GET', $_, cookie => $cookie) for 1 .. 2;
        $c->close;
        open my $f, '<', '/proc/' . $self->worker('consent') . '/status' or die;
        my ($kb) = join('', <$f>) =~ /RssAnon:\s*(\d+)/;
        say_row("after $_ (" . int((-s $self->{t}->path('up' . s{^/ai}{}r)) / 1024) . ' KB)', $kb);
    }

    $self->stop('consent');
}


# Decisions acknowledged a second, with each wait of a commit made to take 5 ms.
sub decisions {
    my ($self) = @_;

    my $shim = "$Consent::Test::BUILD/sync_shim.so";

    print "Decisions acknowledged a second, each sync made to take 5 ms\n";

    return say_row('no sync_shim.so', '') if !-e $shim;

    my $lua = $self->{t}->write('put.lua', <<'EOT');
wrk.method = "PUT"
wrk.path = "/.privacy/api/v1/state"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Sec-Fetch-Site"] = "same-origin"
local other = 0
function response(status, headers, body) if status ~= 200 then other = other + 1 end end
EOT
    my $version = 0;

    for my $workers (1, 2) {
        $self->{workers} = $workers;
        $self->start('consent', env => { LD_PRELOAD => $shim, CONSENT_SYNC_DELAY_US => 5000 });
        my %rate;

        my $c = $self->{t}->connect(port => 'consent');
        $version = $c->request('GET', '/.privacy/api/v1/state')->json->{policy_version};
        $c->close;
        $self->{t}->write('put.lua', $self->{t}->read('put.lua') =~ s/^wrk\.body.*\n//mr
            . "wrk.body = '{\"policy_version\":\"$version\",\"level\":\"contact\"}'\n");

        for my $clients (1, 64) {
            my ($status, $said) = $self->{t}->command('wrk', '-t1', "-c$clients", '-d4s', '--latency', '-s', $lua,
                'http://127.0.0.1:' . $self->{t}->port('consent') . '/');
            ($rate{$clients}) = $said =~ m{Requests/sec:\s*([\d.]+)} or die "wrk: $said";
            my ($p99) = $said =~ /99%\s+(\S+)/;
            my ($bad) = $said =~ /Non-2xx or 3xx responses: (\d+)/;
            say_row("$workers worker(s), $clients client(s)", sprintf '%8.0f   p99 %s%s', $rate{$clients}, $p99,
                $bad ? ", $bad NOT ACKNOWLEDGED" : '');
        }

        say_row("$workers worker(s), 64 to 1", sprintf '%8.1f times (goal 20)', $rate{64} / $rate{1});
        $self->stop('consent');
    }

    delete $self->{workers};
}


sub lookup {
    my ($self) = @_;

    print "State lookup among a million subjects\n";

    my $program = "$Consent::Test::BUILD/bench/state_lookup";

    return say_row('not built', '') if !-x $program;

    my ($status, $said) = $self->{t}->command($program);
    print map { "  $_\n" } split /\n/, $said;
}


1;
