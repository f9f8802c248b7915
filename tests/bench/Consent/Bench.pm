package Consent::Bench;

# What tests/bench/run measures, and on what. Three nginx stand side by side: an upstream, a bare proxy, and one with the
# module. What is counted and what is timed stand in files of their own.

use strict;
use warnings;

use POSIX ();
use Time::HiRes qw(sleep time);

use Consent::Test;

use parent qw(Consent::Bench::Bodies Consent::Bench::Counts Consent::Bench::Streams Consent::Bench::Times);

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


# One line of the report.
sub row { printf "  %-36s %s\n", $_[1], $_[2] }


sub median { my ($self, @s) = @_; @s = sort { $a <=> $b } @s; return $s[$#s / 2] }


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

    my $item = '{"id":4711,"text":"Ett uterum om 24 kvadratmeter, med tak","done":false,"tags":["bygglov","uterum"]},';

    for my $kb (16, 1024) {
        my $n = int($kb * 1024 / length $item) - 1;
        $self->{t}->write("up/answer$kb.json", '{"id":17,"items":[' . $item x $n . "{}]}\n");
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
    my $connections = $self->{connections} // 1024;
    my $pool = $kind eq 'threads' ? "location = /pool { aio threads; root $dir/up; }" : '';
    my $clock = $self->{still} ? 'timer_resolution 1d;' : '';
    my $chat = $self->{t}->port('chat');
    my $temp = join '', map { "    ${_}_temp_path $dir/tmp/$kind-$_;\n" } qw(client_body proxy fastcgi uwsgi scgi);
    my $module = '';
    my $pages = '';

    if ($kind eq 'consent') {
        my $store = $self->{store} // "$dir/store";
        my $keys = $self->{keys} // "$dir/keys";
        my $interval = $self->{interval} // '500ms';
        $module = "consent_policy $dir/policy.json; consent_store $store size=4g; consent_keys $keys;
            consent_log_interval $interval;";
        $pages = 'location /.privacy/ { consent_pages; }';
    }

    my $on = $kind eq 'consent' ? 'consent on; consent_body_limit 20m;' : '';
    my $ai = $kind eq 'consent' ? 'consent_ai on;' : '';
    my $body = $kind eq 'up'
        ? "etag off; default_type text/html; types { text/html html; application/json json; } root $dir/up;
           location / { } location = /post { return 200 ok; } location /slow/ { alias $dir/up/; limit_rate 200k; }"
        : "location / { $on proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; }
           location /ai/ { $on $ai proxy_pass http://up/; proxy_http_version 1.1; proxy_set_header Connection ''; }
           location /chat/ { $on $ai proxy_pass http://127.0.0.1:$chat; proxy_http_version 1.1; proxy_buffering off; }
           $pool";
    my $upstream = $kind eq 'up' ? '' : "upstream up { server 127.0.0.1:$up; keepalive 32; keepalive_requests 1000000; }";

    return <<"EOT";
$load
$user
$process
pid $dir/$kind.pid;
lock_file $dir/$kind.lock;
error_log $dir/$kind.error.log notice;
$clock
worker_processes $workers;
worker_rlimit_nofile @{[2 * $connections]};
events { worker_connections $connections; }
http {
    access_log off;
    keepalive_requests 1000000;
    client_max_body_size 20m;
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

    # one process alone may have been root, and left files that a worker is not to read
    my $user = $self->{t}->user;
    system 'chown', '-R', $user, grep { -e } "$dir/keys", $self->{store} // "$dir/store" if $user && !$o{single};

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


# A new citizen's cookie.
sub decided {
    my ($self) = @_;

    my $c = $self->{t}->connect(port => 'consent');
    my $state = $c->request('GET', '/.privacy/api/v1/state')->json;
    my $r = $c->request('PUT', '/.privacy/api/v1/state', headers => ['Sec-Fetch-Site' => 'same-origin'],
        json => { policy_version => $state->{policy_version}, level => 'forms' });
    my ($cookie) = $r->head =~ /^Set-Cookie: (consent=[^;]+)/mi
        or die 'no decision: ' . $r->raw . $self->{t}->read('consent.error.log');
    $c->close;

    return $cookie;
}


# So many citizens' cookies, decided for the third level.
sub citizens {
    my ($self, $n) = @_;

    $self->start('consent');
    my @cookies = map { $self->decided } 1 .. $n;
    $self->stop('consent');

    return @cookies;
}


# What a browser sends along.
sub cookies {
    my ($self, @more) = @_;

    return join '; ', 'JSESSIONID=8C3F0A11B2', 'theme=dark', 'stat_id=4711', 'lang=sv', @more;
}


# n requests, one after the other, with these consent cookies in turn.
sub ask {
    my ($self, $client, $n, $uri, @cookies) = @_;

    for my $i (1 .. $n) {
        my $r = $client->request('GET', $uri, headers => ['User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64)',
            Accept => '*/*', 'Accept-Language' => 'sv,en;q=0.5', 'Accept-Encoding' => 'gzip, deflate'],
            cookie => $self->cookies($cookies[$i % @cookies]));
        die "$uri: " . $r->raw if $r->status != 200;
    }
}


1;
