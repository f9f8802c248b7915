package Consent::Test;

# A real nginx with the module, for one test file.
#
#   use lib 't/lib';
#   use Consent::Test;                  # strict, warnings, utf8, Test::More too
#
#   my $t = Consent::Test->new;
#   my $up = $t->upstream({ headers => ['Content-Type', 'text/html'],
#                           body => '<p>Hello' });
#   $t->keys;                           # consentctl keygen
#   $t->policy(sub { $_[0]{version} = '2' });     # demo/policy.json, edited
#
#   $t->run(<<'EOF');                   # what stands inside http { }
#       %%CONSENT%%
#       server {
#           listen 127.0.0.1:%%PORT_0%%;
#           location / {
#               consent on;
#               proxy_pass http://127.0.0.1:%%PORT_1%%;
#           }
#       }
#   EOF
#
#   my $r = $t->get('/?pnr=1', cookie => 'a=1; pnr=2');
#   is($r->status, 200, 'a page');
#   is($up->last->header('Cookie'), 'a=1', 'the cookie is taken out');
#
#   done_testing;
#
# done_testing() stops nginx, and fails if it logged an [alert] or [emerg], a
# sanitizer spoke, a process died of a signal, or one was left over. allow()
# takes a pattern of such lines that the test provokes.
#
# Everything stands in a directory of its own under /tmp, which is removed
# unless TEST_LEAVE is set; tests may run side by side. As root, workers run as
# www-data. TEST_NGINX_BINARY and TEST_MODULE name another nginx and module
# than those in BUILD; TEST_LOG prints nginx's log of a failed test.
#
# Macros of a configuration
#   %%PORT_n%%     a free port, the same wherever the number stands
#   %%DIR%%        the test's directory, %%ROOT%% the project's
#   %%CONSENT%%    consent_policy, consent_store and consent_keys of the test
#   %%MODULE%%     load_module, or nothing where the module is built in; only
#                  a configuration given whole needs it
#
# Requests: $t->get(URI, options), $t->request(METHOD, URI, options),
# $t->http(bytes); they return a Consent::Test::Response. Options:
#   headers => [name => value, ...]     also pairs or a hash
#   cookie  => '...' or [lines]
#   form    => [name => value, ...]     urlencoded body
#   json    => data                     JSON body
#   body    => bytes
#   pieces  => [bytes, ...]             body, each piece written by itself
#   chunked => 1 or [chunks]            chunked body
#   delay   => seconds                  before each piece
#   version => '1.0', '1.1' or 2        2 is HTTP/2 in clear text
#   close   => 1                        Connection: close
#   host, port => n                     %%PORT_n%%, 0 unless given
# What goes out is bytes; text with wide characters is sent as UTF-8. What comes
# in is bytes too, but for a response's text().
# A keep-alive connection, with the same requests: $t->connect(port => n,
# version => ...), see Consent::Test::Client and Consent::Test::HTTP2.
#
# Behind nginx: $t->upstream(answer, port => 1, type => 'http', 'fastcgi',
# 'uwsgi', 'scgi' or 'grpc'), see Consent::Test::Upstream.
#
# nginx itself: run(http, workers =>, main =>, events =>, level =>),
# run_conf(whole configuration), check(http) and check_conf(conf) for nginx -t,
# reload, reopen, upgrade, quit, stop, pid, workers.
# Logs: error_log, access_log, wait_for_log(qr/../). A file *.log is read when no
# process of nginx's is at work: settle. Files: write(name, bytes), read(name),
# path(name). Other processes: daemon(sub {...}), run_ctl(args).
# Time: wait_for(sub {...}). A citizen's decision: decide(level => ...).

use strict;
use warnings;

use Carp qw(croak);
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use Scalar::Util qw(weaken);
use Test::More ();
use Time::HiRes qw(sleep time);
use utf8 ();

use Consent::Test::Client;
use Consent::Test::HTTP2;
use Consent::Test::Upstream;

use parent 'Consent::Test::Nginx';

our $ROOT = abs_path(dirname(__FILE__) . '/../../..');
our $BUILD = $ENV{BUILD} // "$ROOT/build";

my @all;
my $owner = $$;

# what nothing that runs in order says
my $BAD = qr/\[(?:alert|emerg)\] | AddressSanitizer | LeakSanitizer
    | :\ runtime\ error: | exited\ on\ signal | Assertion/x;


sub import {
    my $caller = caller;

    strict->import;
    warnings->import;
    utf8->import;

    no strict 'refs';
    for my $name (@Test::More::EXPORT) {
        next if $name !~ /^\w+$/ || $name eq 'done_testing';
        *{"${caller}::$name"} = \&{"Test::More::$name"};
    }
    *{"${caller}::done_testing"} = \&done_testing;

    binmode $_, ':encoding(UTF-8)' for Test::More->builder->output,
        Test::More->builder->failure_output, Test::More->builder->todo_output;

    $SIG{ALRM} = sub { die "the test hangs\n" };
    $SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);
    alarm($ENV{TEST_TIMEOUT} // 300);
}


sub done_testing {
    for my $t (grep { defined } @all) {
        my @faults = $t->finish;

        Test::More::ok(!@faults, 'nginx ran in order and left nothing')
            or Test::More::diag(join "\n", @faults);
    }

    Test::More::done_testing();
}


END {
    if ($$ == $owner) {
        my $status = $?;
        my @faults = map { $_->finish } grep { defined } @all;

        if (@faults) {
            print STDERR map { "# $_\n" } @faults;
            $status ||= 1;
        }

        my $failed = $status || !Test::More->builder->is_passing;

        for (grep { defined } @all) {
            if ($failed && $ENV{TEST_LOG}) {
                print STDERR map { "# $_\n" } split /\n/, $_->error_log;
            }
            $_->remove;
        }

        $? = $status;
    }
}


sub new {
    my ($class) = @_;

    my $dir = File::Temp::tempdir('consent-test-XXXXXXXX', TMPDIR => 1);
    my $self = bless { dir => abs_path($dir), ports => {}, locks => [],
        upstreams => [], daemons => [], clients => [], allow => [] }, $class;

    chmod 0755, $self->{dir};
    make_path("$self->{dir}/tmp", "$self->{dir}/html");

    my $user = getpwnam('www-data') ? 'www-data' : 'nobody';
    $self->{user} = $> ? undef : $user;

    push @all, $self;

    return $self;
}


sub dir  { return $_[0]{dir} }
sub user { return $_[0]{user} }
sub path { return "$_[0]{dir}/$_[1]" }


sub write {
    my ($self, $name, $bytes) = @_;

    my $path = $self->path($name);
    make_path(dirname($path));

    utf8::encode($bytes) if utf8::is_utf8($bytes);
    open my $f, '>:raw', $path or die "$path: $!\n";
    print $f $bytes;
    close $f or die "$path: $!\n";

    return $path;
}


# A log has all that nginx says of what it has answered.
sub read {
    my ($self, $name) = @_;

    $self->settle if $name =~ /\.log$/;

    open my $f, '<:raw', $self->path($name) or return '';
    local $/;

    return <$f> // '';
}


sub error_log  { return $_[0]->read('error.log') . $_[0]->read('stderr.log') }
sub access_log { return $_[0]->read('access.log') }


# A free port. Its number is locked against other tests by a datagram socket
# on an address that nobody else uses, for as long as this test runs.
sub port {
    my ($self, $n) = @_;

    $n //= 0;
    return $self->{ports}{$n} if $self->{ports}{$n};

    for (1 .. 500) {
        my $port = 10000 + int rand 20000;

        my $lock = IO::Socket::INET->new(Proto => 'udp',
            LocalAddr => '127.0.0.77', LocalPort => $port) or next;
        my $free = IO::Socket::INET->new(Proto => 'tcp', Listen => 1,
            LocalAddr => '0.0.0.0', LocalPort => $port, ReuseAddr => 1)
            or next;
        close $free;

        push @{$self->{locks}}, $lock;
        return $self->{ports}{$n} = $port;
    }

    die "no free port\n";
}


# Runs a program and returns (exit status, output and errors together).
sub command {
    my ($self, @command) = @_;

    my $pid = open(my $out, '-|') // die "fork: $!\n";

    if (!$pid) {
        open STDERR, '>&', \*STDOUT;
        exec { $command[0] } @command or POSIX::_exit(127);
    }

    my $said = do { local $/; <$out> } // '';
    { local $?; close $out; $pid = $?; }

    return ($pid & 127 ? 128 + ($pid & 127) : $pid >> 8, $said);
}


# consentctl: in scalar context what it says, in list context (status, output).
sub run_ctl {
    my ($self, @args) = @_;

    my ($status, $said) = $self->command("$BUILD/consentctl", @args);

    return wantarray ? ($status, $said) : $said;
}


sub keys {
    my ($self, %o) = @_;

    my $dir = $self->path($o{dir} // 'keys');
    my ($status, $said) = $self->run_ctl('keygen', $dir, '--name',
        $o{name} // 'test.example/log', $o{with} ? ('--with', $o{with}) : ());
    die "consentctl keygen: $said" if $status;

    return $dir;
}


# Writes policy.json: the sample policy, edited by a function that is given
# its data. Returns the data.
sub policy {
    my ($self, $edit, $name) = @_;

    my $json = JSON::PP->new->utf8->canonical->pretty;

    open my $f, '<:raw', "$ROOT/demo/policy.json" or die "policy.json: $!\n";
    my $policy = $json->decode(do { local $/; <$f> });

    $edit->($policy) if $edit;
    $self->write($name // 'policy.json', $json->encode($policy));

    return $policy;
}


# Waits until the function returns something true, and returns that.
sub wait_for {
    my ($self, $sub, $seconds) = @_;

    my $until = time() + ($seconds // 10);

    while (1) {
        my $got = $sub->();
        return $got if $got;
        return if time() > $until;
        sleep 0.02;
    }
}


sub wait_for_log {
    my ($self, $pattern, $seconds) = @_;

    return $self->wait_for(sub { $self->error_log =~ $pattern }, $seconds);
}


# Ends everything; returns what was not in order, once.
sub finish {
    my ($self) = @_;

    return if $self->{finished}++;

    local $?;
    my @faults = $self->stop;

    $_->stop for @{$self->{upstreams}};

    for my $pid (@{$self->{daemons}}) {
        kill 'TERM', -$pid, $pid;
        waitpid $pid, 0;
    }

    my $logs = join "\n", map { $self->read($_) }
        'error.log', 'error.log.1', 'stderr.log';

    LINE: for (grep { $_ =~ $BAD } split /\n/, $logs) {
        for my $allowed (@{$self->{allow}}) {
            next LINE if $_ =~ $allowed;
        }
        push @faults, $_;
    }

    if (grep { /Sanitizer|runtime error/ } @faults) {
        push @faults, grep { !m{^\d{4}/\d\d/\d\d } } split /\n/,
            substr $logs =~ s{^\d{4}/\d\d/\d\d .*\n}{}gmr, 0, 20000;
    }

    return @faults;
}


sub remove {
    my ($self) = @_;

    if ($ENV{TEST_LEAVE}) {
        print STDERR "# left: $self->{dir}\n";
        return;
    }

    remove_tree($self->{dir}, { safe => 0 });
}


sub upstream {
    my ($self, $answer, %o) = @_;

    my $n = $o{port} // 1;
    my $up = Consent::Test::Upstream->new(%o, answer => $answer,
        port => $self->port($n), log => $self->path("upstream.$n"));

    push @{$self->{upstreams}}, $up;

    return $up;
}


# Runs a function in a process of its own, which ends with the test.
sub daemon {
    my ($self, $sub, @args) = @_;

    my $pid = fork() // die "fork: $!\n";

    if (!$pid) {
        setpgrp;
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP ALRM);
        eval { $sub->(@args); 1 } or print STDERR "# daemon: $@";
        POSIX::_exit(0);
    }

    push @{$self->{daemons}}, $pid;

    return $pid;
}


sub connect {
    my ($self, %o) = @_;

    my $class = ($o{version} // '') eq '2' ? 'Consent::Test::HTTP2'
        : 'Consent::Test::Client';
    my $client = $class->new($self->port($o{port} // 0), %o);

    push @{$self->{clients}}, $client;
    weaken $self->{clients}[-1];

    return $client;
}


sub request {
    my ($self, $method, $uri, %o) = @_;

    my $client = $self->connect(port => delete $o{port},
        version => $o{version}, address => delete $o{address});
    my $r = $client->request($method, $uri, %o);
    $client->close;

    return $r;
}


sub get {
    my ($self, $uri, %o) = @_;

    return $self->request('GET', $uri, %o);
}


# Exact bytes out, one response in.
sub http {
    my ($self, $bytes, %o) = @_;

    my $client = $self->connect(%o);
    $client->send($bytes);
    my $r = $client->response($bytes =~ /^(\S+)/ ? $1 : 'GET');
    $client->close;

    return $r;
}


# Takes a decision through the JSON API, as a page of the same origin does,
# and returns the consent cookie ("consent=...") for later requests.
#   level or categories, scope, ai   what PUT state takes
#   base    path of consent_pages, /.privacy/ unless given
#   cookie  what the citizen had before
sub decide {
    my ($self, %o) = @_;

    my $state = ($o{base} // '/.privacy/') . 'api/v1/state';
    my %to = (port => $o{port} // 0, $o{cookie} ? (cookie => $o{cookie}) : ());
    my $origin = 'http://127.0.0.1:' . $self->port($to{port});

    my $now = $self->get($state, %to);
    croak "no state: $now" if $now->status != 200;

    my %put = map { exists $o{$_} ? ($_, $o{$_}) : () }
        qw(level categories scope ai);
    my $r = $self->request('PUT', $state, %to,
        json => { %put, policy_version => $now->json->{policy_version} },
        headers => ['Origin', $origin, 'Sec-Fetch-Site', 'same-origin',
            @{$o{headers} // []}]);
    croak "no decision: $r" if $r->status != 200;

    my $cookie = $r->cookie('consent');

    return defined $cookie ? "consent=$cookie" : $o{cookie};
}


1;
