# Entries that nobody waits for are written together, a moment later; however
# nginx is told to leave in that moment, none is lost.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->write('html/answer.html', '<!doctype html><html><head></head><body>answer</body></html>');

my $http = <<'EOT';
    %%CONSENT%%

    types {
        text/html html;
    }

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            consent_ai on;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOT

my $answers = 40;
my $all = 0;

sub entries {
    my ($status, $said) = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
    return scalar split /\n/, $said;
}

# The number of the newest transaction: LMDB's two meta pages hold it at byte 144.
sub transactions {
    my ($newest) = sort { $b <=> $a } map { unpack 'Q<', substr $t->read('store/data.mdb'), 4096 * $_ + 144, 8 } 0, 1;
    return $newest;
}

sub answer {
    my $k = $t->connect;
    my @odd = grep { $k->request('GET', '/answer.html')->status != 200 } 1 .. $answers;
    $k->close;
    is(scalar @odd, 0, "$answers answers");
    $all += $answers;
}

$t->run($http);
ok($t->wait_for(sub { $t->run_ctl('log', 'show', $t->path('store'), '--type', 'key', '--json') }), 'the store is there');

my $before = transactions();
answer();
ok($t->wait_for(sub { entries() == $all }), 'have an entry each');
my $made = transactions() - $before;
cmp_ok($made, '<', $answers / 2, 'which came in groups') or diag $made;

for my $signal ('QUIT', 'TERM', 'INT') {
    answer();
    ok($t->quit($signal), "$signal ends nginx");
    is(entries(), $all, 'and no entry is lost');
    $t->run($http);
}

answer();
ok($t->reload($http), 'a reload');
ok($t->wait_for(sub { entries() == $all }), 'loses none either');

done_testing();
