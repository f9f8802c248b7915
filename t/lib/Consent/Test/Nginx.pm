package Consent::Test::Nginx;

# The nginx of a test: its configuration, its processes, its signals. The
# methods are Consent::Test's, which inherits them and describes them; here
# only what it takes to start, steer and end a real master with its workers.

use strict;
use warnings;

use Carp qw(croak);
use POSIX ();


sub nginx {
    return $ENV{TEST_NGINX_BINARY} // (-x "$Consent::Test::BUILD/nginx" ? "$Consent::Test::BUILD/nginx"
        : (grep { -x } map { "$_/nginx" } split(/:/, $ENV{PATH}),
            '/usr/sbin')[0]) // die "no nginx\n";
}


sub module {
    my $so = $ENV{TEST_MODULE} // "$Consent::Test::BUILD/ngx_consent_module.so";

    return -f $so ? "load_module $so;" : '';
}


sub expand {
    my ($self, $conf) = @_;

    my $d = $self->{dir};

    $conf =~ s/^\s*%%CONSENT%%/    consent_policy $d\/policy.json;
    consent_store $d\/store size=1g;
    consent_keys $d\/keys;/mg;
    $conf =~ s/%%PORT_(\w+)%%/$self->port($1)/ge;
    $conf =~ s/%%DIR%%/$d/g;
    $conf =~ s/%%ROOT%%/$Consent::Test::ROOT/g;
    $conf =~ s/%%MODULE%%/module()/ge;

    return $conf;
}


# A whole configuration around what stands inside http { }.
sub around {
    my ($self, $http, %o) = @_;

    my $user = $self->{user} ? "user $self->{user};" : '';
    my $main = $o{main} // '';

    # nginx gives a new binary no other environment than it is told to
    $main .= join '', map { defined $ENV{$_} ? "\nenv $_;" : () }
        qw(ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS);

    my $events = $o{events} // '';
    my $workers = $o{workers} // 1;
    my $level = $o{level} // 'info';
    my $temp = join '', map { "    ${_}_temp_path %%DIR%%/tmp/$_;\n" }
        qw(client_body proxy fastcgi uwsgi scgi);

    return <<"EOF";
%%MODULE%%
$user
pid %%DIR%%/nginx.pid;
lock_file %%DIR%%/nginx.lock;
error_log %%DIR%%/error.log $level;
worker_processes $workers;
$main
events {
    worker_connections 1024;
    $events
}

http {
    access_log %%DIR%%/access.log;
    root %%DIR%%/html;
$temp
$http
}
EOF
}


sub write_conf {
    my ($self, $conf) = @_;

    $self->write('nginx.conf', $self->{conf} = $self->expand($conf));
}


# nginx -t: (true if it accepts, what it says).
sub check {
    my ($self, $http, %o) = @_;

    return $self->check_conf($self->around($http, %o));
}


sub check_conf {
    my ($self, $conf) = @_;

    my $path = $self->write('check.conf', $self->expand($conf));
    my ($status, $said) = $self->command(nginx(), '-t', '-p',
        $self->{dir}, '-c', $path);

    return ($status == 0, $said);
}


sub run {
    my ($self, $http, %o) = @_;

    return $self->run_conf($self->around($http, %o));
}


sub run_conf {
    my ($self, $conf) = @_;

    $self->write_conf($conf) if defined $conf;

    return $self->start;
}


# Starts nginx with the configuration written before.
sub start {
    my ($self) = @_;

    croak 'nginx runs already' if $self->{pid};

    # As a daemon, in a session of its own: nginx takes USR2 only when the
    # process that started it has gone.
    my $starter = fork() // die "fork: $!\n";

    if (!$starter) {
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP ALRM CHLD);
        open STDIN, '<', '/dev/null';
        open STDERR, '>>', $self->path('stderr.log');
        open STDOUT, '>&', \*STDERR;
        exec { nginx() } nginx(), '-p', $self->{dir}, '-c',
            $self->path('nginx.conf') or POSIX::_exit(127);
    }

    my $status = do { local $?; waitpid $starter, 0; $? };

    if ($status) {
        $self->allow(qr/\[emerg\]/);
        die "nginx does not start:\n" . $self->error_log . "\n";
    }

    my $ready = $self->wait_for(sub {
        ($self->{pid}) = $self->read('nginx.pid') =~ /^(\d+)\n/ or return;
        $self->{group} = $self->{pid};
        return scalar $self->workers;
    }, 20);

    die "nginx has no workers:\n" . $self->error_log unless $ready;

    return $self;
}


# All processes of nginx's process group, as pid => [parent, state].
sub processes {
    my ($self) = @_;

    my %found;

    for my $stat (glob '/proc/[0-9]*/stat') {
        open my $f, '<', $stat or next;
        my ($pid, $state, $parent, $group) =
            (<$f> // '') =~ /^(\d+) \(.*\) (\S) (\d+) (\d+)/s or next;
        next if $group != ($self->{group} // 0) || $state eq 'Z';

        # the number may have become another's
        $found{$pid} = [$parent, $state]
            if cmdline($pid) =~ /^nginx: |\Q$self->{dir}\E/;
    }

    return \%found;
}


sub pid { return $_[0]{pid} }


# The workers of the master that serves now (or the one given).
sub workers {
    my ($self, $master) = @_;

    my $p = $self->processes;
    $master //= $self->{pid};

    my @found = sort { $a <=> $b }
        grep { $p->{$_}[0] == $master && cmdline($_) =~ /worker process$/ }
        CORE::keys %$p;

    return @found;
}


# Until no process of nginx's is at work: a line of a log is written after the
# answer has gone out, and a busy machine may take long in between.
sub settle {
    my ($self) = @_;

    my $master = $self->{pid} or return;
    my $busy = sub {
        open my $children, '<', "/proc/$master/task/$master/children" or return;

        for my $pid (split ' ', <$children> // '') {
            open my $stat, '<', "/proc/$pid/stat" or next;
            return 1 if (<$stat> // '') =~ /^\d+ \(.*\) [RD] /s;
        }

        return;
    };

    return $self->wait_for(sub { !$busy->() }, 5);
}


sub cmdline {
    my ($pid) = @_;

    open my $f, '<', "/proc/$pid/cmdline" or return '';

    return (<$f> // '') =~ s/\0+$//r =~ tr/\0/ /r;
}


# Processes that name a directory in their command lines or work in it.
sub naming {
    my ($dir) = @_;

    return grep { cmdline($_) =~ /\Q$dir\E/
            || (readlink("/proc/$_/cwd") // '') =~ /^\Q$dir\E/ }
        map { /(\d+)/ } glob '/proc/[0-9]*';
}


# Reads the configuration again (a new one, if given as to run). Returns false
# if nginx kept the old one. With drain the old workers are gone afterwards.
sub reload {
    my ($self, $http, %o) = @_;

    $self->write_conf($self->around($http, %o)) if defined $http;

    my %old = map { ($_, 1) } $self->workers;
    my $from = length $self->error_log;

    kill 'HUP', $self->{pid};

    my $new = $self->wait_for(sub {
        (grep { !$old{$_} } $self->workers)
            || substr($self->error_log, $from) =~ /\[emerg\]/ && 'refused';
    }, 20);

    return if !$new || $new eq 'refused';

    if ($o{drain}) {
        $self->wait_for(sub { !grep { $old{$_} } $self->workers }, 20)
            or return;
    }

    return 1;
}


# USR1, after moving the logs away: every worker writes to the new ones. (The
# master makes them first, while workers still have the old ones open.)
sub reopen {
    my ($self) = @_;

    my @logs = map { $self->path($_) } 'access.log', 'error.log';

    for (@logs) {
        rename $_, "$_.1";
    }

    kill 'USR1', $self->{pid};

    return $self->wait_for(sub {
        my @workers = $self->workers;
        my @behind = grep {
            my %open = map { (readlink($_) // '', 1) } glob "/proc/$_/fd/*";
            grep { !$open{$_} } @logs;
        } @workers;

        @workers && !@behind;
    });
}


# USR2, then QUIT to the old master: another nginx serves.
sub upgrade {
    my ($self) = @_;

    my $old = $self->{pid};

    kill 'USR2', $old;

    my $new = $self->wait_for(sub {
        my $pid = $self->read('nginx.pid') =~ /(\d+)/ ? $1 : $old;
        $pid != $old && $self->workers($pid) && $pid;
    }, 20) or return;

    kill 'QUIT', $old;
    $self->wait_for(sub { !$self->processes->{$old} }, 20) or return;
    $self->{pid} = $new;

    return $new;
}


sub alive {
    my ($self) = @_;

    return $self->{pid} && exists $self->processes->{$self->{pid}};
}


# Graceful end; false if processes of nginx's are left after the time.
sub quit {
    my ($self, $signal, $seconds) = @_;

    return 1 unless $self->{pid};

    kill $signal // 'QUIT', $self->{pid} if $self->alive;
    my $gone = $self->wait_for(sub { !$self->alive && !%{$self->processes} },
        $seconds // 15);
    delete $self->{pid} if $gone;

    return $gone;
}


# How many seconds nginx may take to end.
sub patience {
    my ($self, $seconds) = @_;

    $self->{patience} = $seconds;
}


# Ends nginx; returns what was left of it by then, and killed.
sub stop {
    my ($self, $seconds) = @_;

    $_ && $_->close for splice @{$self->{clients}};

    return if $self->quit('QUIT', $seconds // $self->{patience});

    # the master first: it would log its workers' end

    my $p = $self->processes;
    my @left = sort { exists $p->{$p->{$a}[0]} <=> exists $p->{$p->{$b}[0]} || $a <=> $b } CORE::keys %$p;
    my $left = join ', ', map { "$_ " . cmdline($_) } @left;

    kill 'KILL', @left;
    delete $self->{pid};

    return "left after QUIT: $left";
}


# Lines of this pattern in the error log are the test's own doing.
sub allow {
    my ($self, $pattern) = @_;

    push @{$self->{allow}}, $pattern;
}


1;
